import {beforeEach, expect, it, vi} from 'vitest'
import type {printerOf as PrinterOf} from './capture.js'

const loaded = vi.hoisted(() => new Set<string>())

vi.mock('chalk', async original => {
  loaded.add('chalk')
  return original()
})
vi.mock('cli-table3', async original => {
  loaded.add('cli-table3')
  return original()
})
vi.mock('cli-progress', async original => {
  loaded.add('cli-progress')
  return original()
})
vi.mock('mustache', async original => {
  loaded.add('mustache')
  return original()
})
vi.mock('string-width', async original => {
  loaded.add('string-width')
  return original()
})

const ada = {id: 1, username: 'ada'}

/** Imports everything anew, so that a library imported at the top of a module counts too. */
async function useAll(options: Parameters<typeof PrinterOf>[0]) {
  const {printerOf} = await import('./capture.js')
  const {messageView} = await import('../../../src/lib/output/views/message.js')
  const {userView} = await import('../../../src/lib/output/views/user.js')
  const {createTranscript} = await import('../../../src/lib/output/transcript.js')
  await import('../../../src/lib/output/template.js')
  const {printer, io} = printerOf(options)
  await printer.one(ada, userView)
  await printer.list([ada], userView)
  await printer.record({id: 1, content: 'x'}, messageView)
  await printer.record({id: 1, content: 'x'}, await createTranscript({isTTY: false, withChannel: true}))
  const progress = await printer.progress('x', 1)
  progress.stop()
  await io.flush()
}

beforeEach(() => {
  vi.resetModules()
  loaded.clear()
})

it.each([
  ['a pipe', {}],
  ['JSON in a pipe', {json: true}],
  ['JSON with --quiet at a terminal', {terminal: true, json: true, quiet: true, colour: 1}],
] as const)('loads no library for %s', async (_what, options) => {
  await useAll(options)
  expect([...loaded]).toEqual([])
})

it('loads each for a coloured terminal', async () => {
  await useAll({terminal: true, colour: 1})
  expect([...loaded].sort()).toEqual(['chalk', 'cli-progress', 'cli-table3', 'string-width'])
})
