import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, recordsOf, rowsOf, useChat} from '../../../support/chat.js'
import {atTerminal} from '../../../support/veza.js'

describe.each(DIALECTS)('rooms members --from, %s', dialect => {
  const chat = useChat({dialect})
  const roles = async (id: number) =>
    Object.fromEntries(
      rowsOf(await chat.call('alice', 'GET', `/rooms/${id}/members`), 'members').map(({username, role}) => [
        username,
        role,
      ]),
    )
  let files = 0
  const fileOf = (bytes: string | Buffer): string => {
    const path = join(chat.alice.folder, `members-${++files}.csv`)
    writeFileSync(path, bytes)
    return path
  }

  test('a CSV of a spreadsheet: byte order mark, CRLF, quotes', async () => {
    const {id, name} = await chat.room()
    const file = fileOf('\ufeffuser,role\r\n"bot",Moderator\r\nbob,\r\nadmin,member\r\n')
    const run = await chat.alice.run(['rooms', 'members', 'add', name, '--from', file, '--json'])
    expect(run).toMatchObject({code: 0, stderr: ''})
    expect(recordsOf(run).map(({line, username, role, outcome}) => [line, username, role, outcome])).toEqual([
      [2, 'bot', 'moderator', 'done'],
      [3, 'bob', 'member', 'unchanged'],
      [4, 'admin', 'member', 'done'],
    ])
    expect(await roles(id)).toEqual({alice: 'owner', bob: 'member', bot: 'moderator', admin: 'member'})
  })

  test('names on stdin, and the same again changes nothing', async () => {
    const {name} = await chat.room()
    const add = () =>
      chat.alice.run(['rooms', 'members', 'add', name, '--from', '-'], {stdin: 'bot\n\n@admin\n'})
    expect((await add()).stderr).toMatch(/\n2 added\n$/)
    expect(await add()).toMatchObject({code: 0, stderr: expect.stringMatching(/\n0 added, 2 unchanged\n$/)})
  })

  test('--dry-run shows the plan and changes nothing', async () => {
    const {id, name} = await chat.room()
    const words = ['rooms', 'members', 'remove', name, '--from', '-', '--dry-run']
    const pipe = await chat.alice.run(words, {stdin: 'user\nbob\nbot\n'})
    expect(pipe).toEqual({
      code: 0,
      stdout: 'bob\tremove\tmember\tplanned\nbot\tremove\t\tunchanged\n',
      stderr: '',
    })
    const {screen} = await atTerminal(chat.alice, [
      ...['rooms', 'members', 'set-role', name, '--dry-run', '--no-color'],
      ...['--from', fileOf('user,role\nbob,moderator\n')],
    ])
    expect(screen).toBe('to make bob moderator (was member)\n')
    expect(await roles(id)).toEqual({alice: 'owner', bob: 'member'})
  })

  test('every bad row is named and nothing is applied', async () => {
    const {id, name} = await chat.room()
    const bad = 'user,role\nbot,boss\nadmin,member,x\n,member\n'
    const run = await chat.alice.run(['rooms', 'members', 'add', name, '--from', fileOf(bad)])
    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: line 2: "boss" is no role: owner, moderator, member; line 3: has 3 columns, should have 2; line 4: the user is empty\n' +
        'hint: nothing was changed\n',
    })
    const unknown = 'user,role\nbot,member\nnobody,member\n4,member\n77,\nbob,moderator\n'
    const second = await chat.alice.run(['rooms', 'members', 'add', name, '--from', fileOf(unknown)])
    expect(second).toMatchObject({code: 2, stdout: ''})
    expect(second.stderr).toMatch(
      /^error: line 3: there is no user "nobody"; line 4: bot is named twice, first in line 2; line 5: there is no user 77; line 6: bob is in the room already, as member\n/,
    )
    expect(await roles(id)).toEqual({alice: 'owner', bob: 'member'})
  })

  test('a file of one row wants --yes as one of many does', async () => {
    const {id, name} = await chat.room()
    const words = ['rooms', 'members', 'remove', name, '--from', fileOf('bob\n')]
    expect((await chat.alice.run(words)).code).toBe(2)
    expect((await chat.alice.run([...words, '--yes'])).code).toBe(0)
    expect(await roles(id)).toEqual({alice: 'owner'})
  })
})

describe('rooms members --from, bad input', () => {
  const chat = useChat()

  test.each([
    ['nothing', '', /^error: stdin is empty\nhint: .*user,role/],
    ['no header', 'bob,member\n', /^error: line 1: the columns should be user and role/],
    ['UTF-16', Buffer.from('bob\n', 'utf16le'), /^error: stdin is not UTF-8 text\n/],
    ['an open quote', 'user\n"bob\n', /^error: line \d of stdin has a quote/],
    [
      'hostile text',
      'user\n\u001b[2J\u0007\u202ebob\n',
      /^error: line 2: there is no user "[^\u001b\u202e]*"\n/,
    ],
    [
      'no role to set',
      'bob\n',
      /^error: line 1: bob gets no role\nhint: give it with --role; nothing was changed\n/,
    ],
  ])('%s', async (_name, stdin, stderr) => {
    const run = await chat.alice.run(['rooms', 'members', 'set-role', 'general', '--from', '-'], {stdin})
    expect(run).toEqual({code: 2, stdout: '', stderr: expect.stringMatching(stderr)})
  })

  test.each([
    ['10,000 rows of no role', 10_000, 'user,role\n', ',boss', /^error: line 2: "boss" is no role/],
    ['1,000 rows of nobody', 1_000, '', '', /^error: line 1: there is no user "nobody-0"; /],
  ])('%s are told in one short error', async (_name, count, header, rest, stderr) => {
    const rows = Array.from({length: count}, (_, index) => `nobody-${index}${rest}\n`)
    const words = ['rooms', 'members', 'remove', 'general', '--from', '-', '--yes', '--quiet']
    const run = await chat.alice.run(words, {stdin: header + rows.join('')})
    expect(run).toMatchObject({code: 2, stdout: '', stderr: expect.stringMatching(stderr)})
    expect(run.stderr).toContain(`; and ${count - 5} more\n`)
    expect(run.stderr.length).toBeLessThan(500)
  })

  test('who types the names in cannot be asked behind them', async () => {
    const {code, screen} = await atTerminal(
      chat.alice,
      ['rooms', 'members', 'remove', 'general', '--from', '-', '--no-color'],
      {typing: [{prompt: '', typed: 'bob\r\u0004'}]},
    )
    expect(code).toBe(2)
    expect(screen).toContain(
      'error: not confirmed: remove 1 member from #general\nhint: confirm it with --yes\n',
    )
  })

  test('a missing file is one', async () => {
    const run = await chat.alice.run(['rooms', 'members', 'add', 'general', '--from', '/nowhere/f'])
    expect(run).toEqual({code: 2, stdout: '', stderr: 'error: /nowhere/f does not exist\n'})
  })
})
