import {EventEmitter, once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {CommandFile, reloadOnHangup} from '../../../../src/lib/cli/bot/command-file.js'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veza-commands-'))
  path = join(folder, 'bot.yml')
})

afterEach(() => rmSync(folder, {recursive: true, force: true}))

const {signal} = new AbortController()
const open = (file: string | undefined) => CommandFile.open(file, signal, listening().listener)

function write(...names: string[]): void {
  writeFileSync(path, `commands: {${names.map(name => `${name}: {reply: ok}`).join(', ')}}\n`)
}

function listening() {
  const said: string[] = []
  const listener = {notice: (text: string) => said.push(text), warn: (text: string) => said.push(`! ${text}`)}
  return {said, listener}
}

describe('CommandFile', () => {
  test('none is no commands', async () => {
    const file = await open(undefined)
    expect(file.commands.size).toBe(0)
    const {said, listener} = listening()
    await file.reload(listener)
    expect(said).toEqual(['there is no --commands file to read again'])
  })

  test.each([
    ['commands: {x: {rely: ok}}', 'config', 'bot.yml:1: the command x has no key "rely"'],
    ['#'.repeat(1_100_000), 'config', /bot\.yml holds more than 1 MiB$/],
    [Buffer.from([0xff, 0x00]), 'usage', /is not UTF-8 text/],
  ])('a mistake: %.50j', async (text, code, message) => {
    writeFileSync(path, text)
    await expect(open(path)).rejects.toMatchObject({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
  })

  test('read again it has what is new, or all that it had', async () => {
    write('a')
    const file = await open(path)
    const {said, listener} = listening()
    write('a', 'b')
    await file.reload(listener)
    expect([...file.commands.keys()]).toEqual(['a', 'b'])
    expect(file.generation).toBe(2)
    writeFileSync(path, 'commands:\n  a: {}\n')
    await file.reload(listener)
    rmSync(path)
    await file.reload(listener)
    expect([...file.commands.keys()]).toEqual(['a', 'b'])
    expect(file.generation).toBe(2)
    expect(said).toEqual([
      `read ${path} again: 2 commands`,
      '! bot.yml:2: the command a wants one of: reply, run, module; the commands stay as they were',
      `! ${path} does not exist; the commands stay as they were`,
    ])
  })

  test('programs and modules that are not there are warned of, at the start and when it is read again', async () => {
    writeFileSync(join(folder, 'plain.sh'), '', {mode: 0o644})
    writeFileSync(join(folder, 'good.sh'), '', {mode: 0o755})
    writeFileSync(join(folder, 'good.mjs'), '', {mode: 0o644})
    writeFileSync(
      path,
      `commands:
  a: {run: [./gone.sh]}
  b: {run: [./plain.sh]}
  c: {run: [./good.sh]}
  d: {run: [searched-for-in-the-path]}
  e: {module: ./gone.mjs}
  f: {module: ./good.mjs}
  g: {reply: ok}
`,
    )
    const {said, listener} = listening()
    const file = await CommandFile.open(path, signal, listener)
    const warnings = [
      `! the command a: ${join(folder, 'gone.sh')} does not exist`,
      `! the command b: ${join(folder, 'plain.sh')} is not executable`,
      `! the command e: ${join(folder, 'gone.mjs')} does not exist`,
    ]
    expect(said).toEqual(warnings)
    expect(file.commands.size).toBe(7)
    await file.reload(listener)
    expect(said.slice(3)).toEqual([`read ${path} again: 7 commands`, ...warnings])
  })

  test('at each SIGHUP, as long as it is wanted', async () => {
    write('a')
    const file = await open(path)
    const source = new EventEmitter()
    const told = new EventEmitter()
    const listener = {notice: () => told.emit('told'), warn: () => undefined}
    const stop = reloadOnHangup(source as unknown as NodeJS.Process, file, listener)
    write('b')
    const isTold = once(told, 'told')
    source.emit('SIGHUP')
    await isTold
    expect([...file.commands.keys()]).toEqual(['b'])
    stop()
    expect(source.listenerCount('SIGHUP')).toBe(0)
  })
})
