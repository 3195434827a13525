import {describe, expect, test} from 'vitest'
import {endText, runningText} from '../../../../src/lib/cli/run/status-text.js'

const state = {subject: 'make test', elapsedMs: 80_000, lines: ['one', 'two']}

describe('status texts', () => {
  test('running', () => {
    expect(runningText(state)).toBe('▶ running: make test … 1m 20s\n```\none\ntwo\n```')
    expect(runningText({...state, lines: []})).toBe('▶ running: make test … 1m 20s')
  })

  test.each([
    [{type: 'exit', code: 0} as const, '✔ done in 1m 20s: make test'],
    [{type: 'exit', code: 2} as const, '✘ failed with exit code 2 after 1m 20s: make test'],
    [{type: 'signal', signal: 'SIGTERM'} as const, '✘ ended by SIGTERM after 1m 20s: make test'],
    [{type: 'timeout'} as const, '✘ timed out after 1m 20s: make test'],
    [
      {type: 'unstarted', code: 127, reason: 'command not found'} as const,
      '✘ not started (command not found): make test',
    ],
  ])('%j', (end, text) => {
    expect(endText(end, {...state, lines: []})).toBe(text)
  })

  test('with a log', () => {
    const log = {name: 'make.log', url: 'https://x/1'}
    expect(endText({type: 'exit', code: 1}, state, log)).toBe(
      '✘ failed with exit code 1 after 1m 20s: make test\nlog: make.log https://x/1\n```\none\ntwo\n```',
    )
  })

  test.each([
    [0, '0.0s'],
    [9_940, '9.9s'],
    [9_950, '10s'],
    [59_499, '59s'],
    [59_500, '1m 0s'],
    [3_599_000, '59m 59s'],
    [4_800_000, '1h 20m'],
  ])('%d ms are %s', (elapsedMs, text) => {
    expect(runningText({subject: 'x', elapsedMs, lines: []})).toBe(`▶ running: x … ${text}`)
  })

  test('no more than a server takes: the oldest lines go first', () => {
    const lines = Array.from({length: 50}, (_, index) => `${index} ${'x'.repeat(150)}`)
    const text = runningText({subject: 'y'.repeat(5000), elapsedMs: 0, lines})
    expect(text.length).toBeLessThanOrEqual(2000)
    expect(text).toContain(`\n49 ${'x'.repeat(150)}\n\`\`\``)
    expect(text).not.toContain('\n0 x')
  })
})
