import {describe, expect, it} from 'vitest'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {createStyle} from '../../../src/lib/output/style.js'
import {messageView} from '../../../src/lib/output/views/message.js'
import {userView} from '../../../src/lib/output/views/user.js'
import {printerOf} from './capture.js'

const ada = {id: 7, username: 'ada', extra: 'a\u202eb'}
const message = {id: 1, username: 'ada', content: 'a\nb', created_at: '2026-03-01T09:00:00Z'}

describe('one', () => {
  it('is details for a person', async () => {
    const {printer, io, stdout} = printerOf({terminal: true})
    await printer.one(ada, userView)
    await io.flush()
    expect(stdout.text).toBe('id:       7\nusername: ada\n')
  })

  it('is coloured where colour is wanted', async () => {
    const {printer, io, stdout} = printerOf({terminal: true, colour: 1})
    await printer.one(ada, userView)
    await io.flush()
    expect(stdout.text).toContain('\x1b[1mada\x1b[22m')
  })

  it.each([
    [true, '{\n  "id": 7,\n  "username": "ada",\n  "extra": "a\\u202eb"\n}\n'],
    [false, '{"id":7,"username":"ada","extra":"a\u202eb"}\n'],
  ])('is one document with --json, terminal: %s', async (terminal, text) => {
    const {printer, io, stdout} = printerOf({terminal, json: true})
    await printer.one(ada, userView)
    await io.flush()
    expect(stdout.text).toBe(text)
  })
})

describe('list', () => {
  it('is a table, and tells of more on stderr', async () => {
    const {printer, io, stdout, stderr} = printerOf({terminal: true})
    await printer.list([ada], userView, {more: '--offset 50', empty: 'no users'})
    await io.flush()
    expect(stdout.text).toBe('ID  USERNAME  ROLE  EMAIL\n7   ada       -     -\n')
    expect(stderr.text).toBe('more: use --offset 50\n')
  })

  it('is tab-separated in a pipe', async () => {
    const {printer, io, stdout, stderr} = printerOf()
    await printer.list([ada, ada], userView)
    await io.flush()
    expect(stdout.text).toBe('7\tada\t\t\n7\tada\t\t\n')
    expect(stderr.text).toBe('')
  })

  it('says that there is nothing', async () => {
    const {printer, io, stdout, stderr} = printerOf({terminal: true})
    await printer.list([], userView, {empty: 'no users'})
    await io.flush()
    expect(stdout.text).toBe('')
    expect(stderr.text).toBe('no users\n')
  })

  it('is an array with --json, the notice on stderr', async () => {
    const {printer, io, stdout, stderr} = printerOf({json: true})
    await printer.list([ada], userView, {more: '--offset 50'})
    await io.flush()
    expect(JSON.parse(stdout.text)).toEqual([ada])
    expect(stderr.text).toBe('more: use --offset 50\n')
  })
})

describe('record', () => {
  it('is synchronous without colour', async () => {
    const {printer, io, stdout} = printerOf()
    expect(printer.record(message, messageView)).toBeUndefined()
    await io.flush()
    expect(stdout.text).toBe('2026-03-01T09:00:00Z\tada\ta⏎b\n')
  })

  it('is NDJSON with --json, exact', async () => {
    const {printer, io, stdout} = printerOf({json: true})
    printer.record(message, messageView)
    printer.record(message, messageView)
    await io.flush()
    expect(stdout.text).toBe(`${JSON.stringify(message)}\n`.repeat(2))
  })

  it('is tab-separated where a view has no line', async () => {
    const {printer, io, stdout} = printerOf({terminal: true})
    printer.record(ada, userView)
    await io.flush()
    expect(stdout.text).toBe('7\tada\t-\t-\n')
  })

  it('loads colour once, then is synchronous and in order', async () => {
    const {printer, io, stdout} = printerOf({terminal: true, colour: 1})
    await printer.record({...message, content: 'first'}, messageView)
    expect(printer.record({...message, content: 'second'}, messageView)).toBeUndefined()
    await io.flush()
    const {author} = await createStyle(1)
    expect(stdout.text).toContain(`${author('ada')}: first\n`)
    expect(stdout.text.indexOf('first')).toBeLessThan(stdout.text.indexOf('second'))
  })
})

describe('value', () => {
  it.each([
    ['in a pipe', {}, 'a\x9bb\n\n', 'a\x9bb\n'],
    ['at a terminal', {terminal: true}, 'a\x9b2Jb', 'ab\n'],
    ['with --json', {json: true}, 'token', '"token"\n'],
  ])('has one newline %s', async (_where, options, given, shown) => {
    const {printer, io, stdout} = printerOf(options)
    await printer.value(given)
    await io.flush()
    expect(stdout.text).toBe(shown)
  })
})

describe('what goes to stderr', () => {
  async function told(options: Parameters<typeof printerOf>[0]) {
    const {printer, io, stdout, stderr} = printerOf(options)
    printer.notice('n\nn')
    printer.warn('w')
    printer.verbose('v')
    printer.debug('d')
    printer.ready('r')
    await io.flush()
    expect(stdout.text).toBe('')
    return stderr.text
  }

  it.each([
    ['by default', {}, 'n⏎n\nwarning: w\nready: r\n'],
    ['with --json', {json: true}, 'n⏎n\nwarning: w\nready: r\n'],
    ['with --quiet', {quiet: true}, 'warning: w\nready: r\n'],
    ['with --verbose', {verbose: true}, 'n⏎n\nwarning: w\nv\nready: r\n'],
    ['with --debug', {debug: true}, 'n⏎n\nwarning: w\nv\ndebug: d\nready: r\n'],
  ])('%s', async (_how, options, text) => {
    expect(await told(options)).toBe(text)
  })
})

describe('who is told what is told', () => {
  it.each([false, true])('with --quiet %s: notices, warnings and ready, by their events', quiet => {
    const told: string[][] = []
    const {printer} = printerOf({quiet, onTold: (event, text) => told.push([event, text])})
    printer.notice('n')
    printer.notice('again', {event: 'reconnected'})
    printer.warn('w')
    printer.verbose('v')
    printer.ready('r')
    expect(told).toEqual([
      ['notice', 'n'],
      ['reconnected', 'again'],
      ['warning', 'w'],
      ['ready', 'r'],
    ])
  })
})

describe('error', () => {
  const error = new VezaError('not_found', 'no room\n"x"', {hint: 'look', status: 404})

  it.each([
    ['for a person', {quiet: true}, 'error: no room⏎"x"\nhint: look\n'],
    [
      'for a script',
      {json: true},
      '{"error":{"code":"not_found","message":"no room\\n\\"x\\"","hint":"look","exit_code":7,"status":404,"retryable":false}}\n',
    ],
  ])('%s', async (_whom, options, text) => {
    const {printer, io, stdout, stderr} = printerOf(options)
    printer.error(error)
    await io.flush()
    expect(stderr.text).toBe(text)
    expect(stdout.text).toBe('')
  })

  it('has its stack with --debug only', async () => {
    const {printer, io, stderr} = printerOf({debug: true})
    printer.error(error)
    await io.flush()
    expect(stderr.text).toMatch(/^error: .*\nhint: look\n {4}at /)
  })
})
