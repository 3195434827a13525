import {tmpdir} from 'node:os'
import {setTimeout as realSleep} from 'node:timers/promises'
import {describe, expect, test} from 'vitest'
import {PHRASES} from '../../../../src/lib/bot/phrases.js'
import {carryOut} from '../../../../src/lib/cli/bot/actions.js'

async function carried(...words: string[]) {
  const warnings: string[] = []
  const message = {
    id: 9,
    author_id: 3,
    username: 'bob',
    content: '!bot x',
    created_at: '2026-11-22T12:00:00Z',
  }
  const call = {
    command: {name: 'x', action: {type: 'run', words, folder: tmpdir(), timeoutMs: 60_000}},
    invocation: {name: 'x', rest: '', args: []},
    message,
    place: {kind: 'room', id: 1, name: 'general'},
    line: '!bot x',
  } as const
  const text = await carryOut(call, {
    phrases: PHRASES.en,
    variables: {PATH: process.env.PATH ?? ''},
    sleep: (ms, signal) => realSleep(ms, undefined, {signal}),
    running: {add: () => undefined, delete: () => undefined, release: () => undefined} as never,
    signal: new AbortController().signal,
    generation: () => 1,
    warn: said => void warnings.push(said),
  })
  return {text, warnings}
}

describe('a program of a command', () => {
  test('that prints too much is cut, and whoever runs the bot is told', async () => {
    const {text, warnings} = await carried('yes')
    expect(text).toMatch(/^y\n[y\n]*… \(cut\)$/)
    expect(warnings).toEqual(['!bot x for message 9 printed more than 64 KiB and was ended'])
  })

  test('that prints little is no matter for a warning', async () => {
    expect(await carried('echo', 'done')).toEqual({text: 'done', warnings: []})
  })
})
