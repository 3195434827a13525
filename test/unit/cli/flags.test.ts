import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {
  filesArg,
  optionalTextArg,
  parseRoomReference,
  parseUserReference,
  roomArg,
  textArg,
  userArg,
} from '../../../src/lib/cli/args.js'
import {
  bodyFlags,
  durationFlag,
  idFlag,
  integerFlag,
  networkFlags,
  outputFlags,
  reader,
  roomFlag,
  switchFlag,
  textFlag,
  UnreadableValue,
  wordFlag,
} from '../../../src/lib/cli/flags.js'
import {settingsOf} from '../../../src/lib/cli/global-flags.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {parse, shownError} from './parse.js'

const text = {summary: 'a flag'}

describe('a flag', () => {
  it.each([
    [durationFlag('x', text), '2h30m', 9_000_000],
    [integerFlag('x', text, 0, 100), '100', 100],
    [integerFlag('x', text, 0), '9007199254740991', Number.MAX_SAFE_INTEGER],
    [idFlag('x', text), '15', 15],
    [wordFlag('x', ['a', 'b'], text), 'b', 'b'],
    [textFlag(text), ' as it is ', ' as it is '],
    [textFlag(text), '', ''],
  ])('reads its value (%#)', async (x, value, expected) => {
    expect((await parse({flags: {x}}, [`--x=${value}`])).flags).toEqual({x: expected})
    expect((await parse({flags: {x}}, [])).flags).toEqual({})
  })

  it('that is a switch is there or not', async () => {
    const flags = {x: switchFlag(text)}
    expect((await parse({flags}, ['--x'])).flags).toEqual({x: true})
    expect((await parse({flags}, [])).flags).toEqual({})
  })

  it('for a word names the words in its help', () => {
    expect(wordFlag('x', ['a', 'b'], text).helpValue).toBe('(a|b)')
  })
})

describe('the flags of every command', () => {
  it('become settings, and only those that were given', async () => {
    const flags = {...outputFlags, ...networkFlags}
    const argv = [
      '--server',
      'http://x/',
      '--retries',
      '0',
      '--timeout',
      '90',
      '--ca',
      'a',
      '--cert',
      'b',
      '--key',
      'c',
    ]
    const parsed = await parse({flags}, [...argv, '--insecure'])
    expect(settingsOf(parsed.flags)).toEqual({
      server: 'http://x',
      retries: 0,
      timeoutMs: 90_000,
      ca: 'a',
      cert: 'b',
      key: 'c',
      insecure: true,
    })
    expect(settingsOf((await parse({flags}, [])).flags)).toEqual({})
    expect(settingsOf({insecure: false})).toEqual({})
  })

  it('have short names where conventions give them', async () => {
    const flags = {...outputFlags, ...bodyFlags, room: roomFlag}
    const argv = ['-q', '-v', '-r', '#ops', '-m', 'text', '-f', '-']
    expect((await parse({flags}, argv)).flags).toEqual({
      quiet: true,
      verbose: true,
      room: '#ops',
      message: 'text',
      file: '-',
    })
  })

  it('give nobody a way to write a secret on the command line', () => {
    const names = Object.keys({...outputFlags, ...networkFlags, ...bodyFlags})
    expect(names.filter(name => /pass|token|secret|api/.test(name))).toEqual([])
  })
})

describe('reader', () => {
  it('wraps what a value is refused for', async () => {
    const refused = new VezaError('usage', 'no')
    const read = reader(() => {
      throw refused
    }, '--x')
    const thrown = await read('value').catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(UnreadableValue)
    expect((thrown as UnreadableValue).cause).toBe(refused)
  })
})

describe('arguments', () => {
  it('are taken as they are', async () => {
    const args = {
      first: textArg({description: 'a', required: true}),
      second: optionalTextArg({description: 'b'}),
    }
    expect((await parse({args}, [' a '])).args).toEqual({first: ' a '})
    expect((await parse({args}, ['a', ''])).args).toEqual({first: 'a', second: ''})
  })

  it('leave stdin alone, where the message or a file may be', () => {
    const description = 'a'
    const all = [
      textArg({description, required: true}),
      optionalTextArg({description}),
      filesArg({description}),
      roomArg(),
      userArg(),
    ]
    expect(all.map(({ignoreStdin}) => ignoreStdin)).toEqual(all.map(() => true))
  })

  it('may be several files, at least one', async () => {
    const args = {files: filesArg({description: 'f'})}
    expect((await parse({args}, ['a', 'b', '-'])).args).toEqual({files: ['a', 'b', '-']})
    expect((await shownError({args}, []))?.message).toBe('missing argument FILES')
  })

  it('are references', async () => {
    const args = {room: roomArg(), user: userArg()}
    expect((await parse({args}, ['#general', '@ann'])).args).toEqual({
      room: {name: 'general'},
      user: {name: 'ann'},
    })
  })
})

describe('a reference', () => {
  it.each([
    ['15', {id: 15}],
    ['general', {name: 'general'}],
    ['#general', {name: 'general'}],
    ['#15', {name: '15'}],
    ['##', {name: '#'}],
    ['-5', {name: '-5'}],
    ['15 a', {name: '15 a'}],
    ['@ann', {name: '@ann'}],
    ['٣', {name: '٣'}],
  ])('to a room: %j', (word, reference) => {
    expect(parseRoomReference(word, 'ROOM')).toEqual(reference)
  })

  it.each([
    ['7', {id: 7}],
    ['ann', {name: 'ann'}],
    ['@ann', {name: 'ann'}],
    ['@7', {name: '7'}],
    ['#ann', {name: '#ann'}],
  ])('to a user: %j', (word, reference) => {
    expect(parseUserReference(word, 'USER')).toEqual(reference)
  })

  it.each(['', ' ', '#', '# ', '0', '9007199254740993'])('refuses %j, without repeating it', word => {
    const thrown = (): unknown => parseRoomReference(word, 'ROOM')
    expect(thrown).toThrow(VezaError)
    expect(thrown).toThrow(/^ROOM/)
  })

  it('by name or id is read for any text that is not empty', () => {
    fc.assert(
      fc.property(fc.integer({min: 1}), fc.string({minLength: 1}), (id, name) => {
        expect(parseRoomReference(String(id), 'ROOM')).toEqual({id})
        fc.pre(name.trim() !== '')
        expect(parseRoomReference(`#${name}`, 'ROOM')).toEqual({name})
        expect(parseUserReference(`@${name}`, 'USER')).toEqual({name})
      }),
    )
  })
})
