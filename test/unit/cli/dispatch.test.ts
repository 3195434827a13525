import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {asksForHelp, isTopic, matchCommand} from '../../../src/lib/cli/dispatch.js'

const ids = new Set([
  'sandbox',
  'rooms:list',
  'rooms:get',
  'messages:send',
  'rooms:members:list',
  'rooms:members',
])

describe('matchCommand', () => {
  it.each([
    ['sandbox', 'sandbox', []],
    ['sandbox --port 0', 'sandbox', ['--port', '0']],
    ['rooms list', 'rooms:list', []],
    ['rooms get general --json', 'rooms:get', ['general', '--json']],
    ['rooms members', 'rooms:members', []],
    ['rooms members list 15', 'rooms:members:list', ['15']],
    ['rooms members add', 'rooms:members', ['add']],
    ['sandbox rooms list', 'sandbox', ['rooms', 'list']],
    ['messages send -- --help', 'messages:send', ['--', '--help']],
  ])('finds in %j the command %s', (line, id, rest) => {
    expect(matchCommand(line.split(' '), ids)).toEqual({id, rest})
  })

  it.each([
    [],
    ['rooms'],
    ['room', 'list'],
    ['list', 'rooms'],
    ['--json', 'rooms', 'list'],
    ['rooms', '-x', 'list'],
    [''],
  ])('finds none in %j', (...argv) => {
    expect(matchCommand(argv, ids)).toBeUndefined()
  })

  it('knows no command by a name that every object has', () => {
    expect(matchCommand(['constructor'], ids)).toBeUndefined()
    expect(matchCommand(['__proto__'], ids)).toBeUndefined()
  })

  it('hands on each word behind the command as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), words => {
        expect(matchCommand(['messages', 'send', '--', ...words], ids)).toEqual({
          id: 'messages:send',
          rest: ['--', ...words],
        })
      }),
    )
  })
})

describe('asksForHelp', () => {
  it.each([
    [['--help'], true],
    [['rooms', 'list', '-h'], true],
    [['messages', 'send', '--help', '--', 'text'], true],
    [['messages', 'send', '--', '--help'], false],
    [['messages', 'send', 'help'], false],
    [['messages', 'send', '--helpful'], false],
    [[], false],
  ])('of %j is %s', (argv, expected) => {
    expect(asksForHelp(argv)).toBe(expected)
  })
})

describe('isTopic', () => {
  it.each([
    [['rooms'], true],
    [['rooms', 'bogus'], false],
    [['messages'], true],
    [['room'], false],
    [['sandbox'], false],
    [['rooms:list'], false],
    [[''], false],
    [[], false],
  ])('of %j is %s', (argv, expected) => {
    expect(isTopic(argv, ids)).toBe(expected)
  })
})
