import {describe, expect, it} from 'vitest'
import {aborted, counted, Ending} from '../../../src/lib/cli/ending.js'

/** The line of a command that was live for so many seconds. */
function lineAfter(seconds: number, did?: string, resume?: string): string | undefined {
  let nowMs = 1000
  const ending = new Ending(() => nowMs)
  ending.begin()
  nowMs += seconds * 1000
  return ending.line('interrupted', did, resume)
}

describe('Ending', () => {
  it('says why, what, how long and how to go on', () => {
    expect(lineAfter(3.21, '12 messages', 'resume with --since 5')).toBe(
      'ended: interrupted; 12 messages; 3.2 s; resume with --since 5',
    )
  })

  it('leaves out what there is not', () => {
    expect(lineAfter(0)).toBe('ended: interrupted; 0.0 s')
  })

  it('says nothing of a command that never came to life', () => {
    expect(new Ending(() => 0).line('interrupted')).toBeUndefined()
  })

  it.each([
    [59, '59.0 s'],
    [60, '1 min 0 s'],
    [61.4, '1 min 1 s'],
    [3599, '59 min 59 s'],
    [3600, '1 h 0 min'],
    [59.97, '1 min 0 s'],
    [119.6, '2 min 0 s'],
    [90_061, '25 h 1 min'],
  ])('tells %i s as %s', (seconds, words) => {
    expect(lineAfter(seconds)).toBe(`ended: interrupted; ${words}`)
  })

  it('counts with a clock of its own unless told otherwise', () => {
    const ending = new Ending()
    ending.begin()
    expect(ending.line('done')).toMatch(/^ended: done; \d+\.\d s$/)
  })
})

describe('aborted', () => {
  it('resolves at once for a signal that is aborted already', async () => {
    await expect(aborted(AbortSignal.abort())).resolves.toBeUndefined()
  })

  it('resolves when the signal is aborted, not before', async () => {
    const controller = new AbortController()
    const log: string[] = []
    const done = aborted(controller.signal).then(() => log.push('resolved'))
    await Promise.resolve()
    log.push('aborting')
    controller.abort(new Error('why'))
    await done
    expect(log).toEqual(['aborting', 'resolved'])
  })
})

describe('counted', () => {
  it('has one thing and many', () => {
    expect([0, 1, 2].map(count => counted(count, 'message'))).toEqual([
      '0 messages',
      '1 message',
      '2 messages',
    ])
  })
})
