import {array, assert, property, string} from 'fast-check'
import {describe, expect, test} from 'vitest'
import {commandLine, parseCommand, splitWords} from '../../../src/lib/bot/parse-command.js'

describe('parseCommand', () => {
  test.each([
    ['!bot ping', {name: 'ping', args: [], rest: ''}],
    ['  !bot   PING  ', {name: 'ping', args: [], rest: ''}],
    ['!bot', {name: '', args: [], rest: ''}],
    ['!bot say  "a b"  c ', {name: 'say', args: ['a b', 'c'], rest: '"a b"  c'}],
    ['!bot say one\ntwo', {name: 'say', args: ['one', 'two'], rest: 'one\ntwo'}],
    ['!bot\nping', {name: 'ping', args: [], rest: ''}],
  ])('%j', (content, expected) => {
    expect(parseCommand(content, '!bot')).toEqual(expected)
  })

  test.each(['', 'hello', '!bottle ping', 'say !bot ping', '!BOT ping', '! bot ping'])(
    '%j is none',
    content => {
      expect(parseCommand(content, '!bot')).toBeUndefined()
    },
  )

  test('a prefix that is no word stands right before the name, or apart from it', () => {
    expect(parseCommand('!ping now', '!')).toEqual({name: 'ping', args: ['now'], rest: 'now'})
    expect(parseCommand('! ping', '!')).toEqual({name: 'ping', args: [], rest: ''})
  })

  test('any text behind the prefix is read in no time', () => {
    const flood = `!bot x ${'"\\'.repeat(50_000)}`
    expect(parseCommand(flood, '!bot')?.name).toBe('x')
  })
})

describe('splitWords', () => {
  test.each([
    ["don't  stop", ["don't", 'stop']],
    [`'a "b"' "c 'd'"`, ['a "b"', "c 'd'"]],
    ['"open and closed', ['"open', 'and', 'closed']],
    ['"" x', ['', 'x']],
    ['"a"b c"d e"', ['ab', 'c"d', 'e"']],
    ['C:\\temp "C:\\temp \\"x\\""', ['C:\\temp', 'C:\\temp "x"']],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words)
  })

  test('whatever the words, quoted they come out as they were', () => {
    const quote = (word: string): string => `"${word.replace(/[\\"]/g, '\\$&')}"`
    assert(
      property(array(string({unit: 'grapheme'})), words => {
        expect(splitWords(words.map(quote).join('  '))).toEqual(words)
      }),
    )
  })

  test('whatever the text, no word has space around it unless it was quoted, and nothing of it is lost', () => {
    assert(
      property(string(), text => {
        const letters = (all: string): string => all.replace(/[\s"'\\]/g, '')
        expect(letters(splitWords(text).join(''))).toBe(letters(text))
      }),
    )
  })
})

test('help shows a command as it is typed', () => {
  expect(commandLine('!bot', 'ping')).toBe('!bot ping')
  expect(commandLine('!', 'ping')).toBe('!ping')
})
