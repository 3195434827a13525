import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as realSleep} from 'node:timers/promises'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {type ModuleRun, runModule} from '../../../../src/lib/cli/bot/run-module.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veza-module-'))
})

afterEach(() => rmSync(folder, {recursive: true, force: true}))

function run(source: string | undefined, more: Partial<ModuleRun> = {}) {
  const path = join(folder, 'command.mjs')
  if (source !== undefined) writeFileSync(path, source)
  return runModule({
    path,
    generation: 1,
    context: {
      command: 'x',
      args: ['a', 'b'],
      text: 'a b',
      user: {id: 3, username: 'bob'},
      place: {kind: 'room', id: 1, name: 'general'},
      message: {id: 9, content: '!bot x a b'},
    },
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    sleep: (ms, signal) => realSleep(ms, undefined, {signal}),
    ...more,
  })
}

describe('runModule', () => {
  test('what it returns is the answer, at once or later', async () => {
    expect(await run('export default c => c.args.length + c.user.username + c.place.name')).toEqual({
      type: 'done',
      output: '2bobgeneral',
    })
    expect(await run('export default async () => undefined', {generation: 2})).toEqual({
      type: 'done',
      output: '',
    })
  })

  test('with another number it is read anew', async () => {
    expect(await run('export default () => "one"', {generation: 10})).toMatchObject({output: 'one'})
    expect(await run('export default () => "two"', {generation: 10})).toMatchObject({output: 'one'})
    expect(await run('export default () => "two"', {generation: 11})).toMatchObject({output: 'two'})
  })

  test.each([
    ['export default () => 7', 'failed', 'it returned no text but number'],
    ['export default () => { throw new Error("inside") }', 'failed', 'inside'],
    ['export default async () => { throw "a text" }', 'failed', 'a text'],
    ['export const other = 1', 'missing', 'it exports no function as default'],
  ])('%s: %s', async (source, type, reason) => {
    expect(await run(source)).toEqual({type, reason})
  })

  test('no JavaScript, and no file', async () => {
    expect(await run('export default (')).toMatchObject({type: 'missing'})
    expect(await run(undefined, {path: join(folder, 'absent.mjs')})).toMatchObject({
      type: 'missing',
      reason: expect.stringContaining('absent.mjs'),
    })
  })

  test('its time is over: it is told, and waited for no more', async () => {
    const source =
      'export default ({signal}) => new Promise(() => signal.addEventListener("abort", () => { globalThis.told = true }))'
    expect(await run(source, {timeoutMs: 20})).toEqual({type: 'timeout'})
    expect(globalThis).toHaveProperty('told', true)
  })

  test('the bot has to end', async () => {
    const options = {
      signal: AbortSignal.abort(),
      sleep: (ms: number, signal: AbortSignal) => realSleep(ms === 3000 ? 1 : ms, undefined, {signal}),
    }
    expect(await run('export default () => new Promise(() => {})', options)).toEqual({type: 'stopped'})
  })
})
