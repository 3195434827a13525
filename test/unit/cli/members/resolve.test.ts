import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {Api} from '../../../../src/lib/api/index.js'
import type {Reference} from '../../../../src/lib/cli/args.js'
import {mapSome} from '../../../../src/lib/cli/members/map-some.js'
import {readMemberFile} from '../../../../src/lib/cli/members/member-file.js'
import {resolveRows} from '../../../../src/lib/cli/members/resolve.js'
import {Roster} from '../../../../src/lib/cli/members/roster.js'
import {refuse} from '../../../../src/lib/cli/members/rows.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

const roster = new Roster([{id: 1, username: 'ann'}], true)

function usersStub(fail?: (text: string) => VezaError | undefined) {
  const asked: string[] = []
  let underWay = 0
  let most = 0
  const find = async (text: string, id: number) => {
    asked.push(text)
    most = Math.max(most, ++underWay)
    await new Promise(setImmediate)
    underWay--
    const error = fail?.(text)
    if (error !== undefined) throw error
    if (id > 100) throw new VezaError('not_found', `there is no user "${text}"`, {hint: 'exactly'})
    return {id, username: `u${id}`}
  }
  const users: Partial<Api['users']> = {
    me: () => find('me', 7),
    get: id => find(`${id}`, id),
    byName: name => find(name, Number(name.slice(1))),
  }
  return {users: users as Api['users'], asked, most: () => most}
}

const rows = (...users: readonly Reference[]) =>
  users.map((user, index) => ({line: index + 2, user, role: undefined}))

describe('the users of rows', () => {
  test('come from the members where they are known, else from the server', async () => {
    const {users, asked} = usersStub()
    const wanted = rows({name: 'ann'}, {id: 1}, {name: 'u5'}, {id: 6}, {name: 'me'})
    const {found, problems} = await resolveRows(wanted, roster, users)
    expect(found.map(({user}) => user.username)).toEqual(['ann', 'ann', 'u5', 'u6', 'u7'])
    expect(found.map(({row}) => row)).toEqual(wanted)
    expect({problems, asked}).toEqual({problems: [], asked: ['u5', '6', 'me']})
  })

  test('that do not exist are problems of their lines, all of them', async () => {
    const {users} = usersStub()
    const {found, problems} = await resolveRows(rows({name: 'u999'}, {id: 5}, {id: 888}), roster, users)
    expect(found).toHaveLength(1)
    expect(problems.map(({line, error}) => [line, error.message])).toEqual([
      [2, 'there is no user "u999"'],
      [4, 'there is no user 888'],
    ])
  })

  test('are asked for a few at a time', async () => {
    const {users, asked, most} = usersStub()
    const many = Array.from({length: 50}, (_, index) => ({name: `u${index + 1}`}))
    const {found} = await resolveRows(rows(...many), roster, users)
    expect(found.map(({user}) => user.id)).toEqual(many.map((_, index) => index + 1))
    expect({asked: asked.length, most: most()}).toEqual({asked: 50, most: 8})
  })

  test('are asked for no further after another failure', async () => {
    const down = new VezaError('unreachable', 'down')
    const {users, asked} = usersStub(text => (text === 'u3' ? down : undefined))
    const many = Array.from({length: 90}, (_, index) => ({name: `u${index + 1}`}))
    await expect(resolveRows(rows(...many), roster, users)).rejects.toBe(down)
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(asked.length).toBeLessThan(20)
  })
})

describe('a limit of the server', () => {
  const limited = new VezaError('rate_limited', 'too many')

  test.each([
    ['that lets one at a time through', 20, 1],
    ['that comes with the last ones', 8, 1],
    ['that lets some through', 20, 3],
  ])('%s', async (_name, count, allowed) => {
    let underWay = 0
    const asked: number[] = []
    const results = await mapSome(
      Array.from({length: count}, (_, index) => index),
      8,
      async item => {
        underWay++
        await new Promise(setImmediate)
        const isTooMany = underWay > allowed
        await new Promise(setImmediate)
        underWay--
        if (isTooMany) throw limited
        asked.push(item)
        return item * 2
      },
    )
    expect(results).toEqual(Array.from({length: count}, (_, index) => index * 2))
    expect(asked).toHaveLength(count)
  })

  test('that lets nothing through is told', async () => {
    let calls = 0
    const refused = mapSome([1, 2, 3, 4], 2, async () => {
      calls++
      throw limited
    })
    await expect(refused).rejects.toBe(limited)
    expect(calls).toBe(3)
  })
})

describe('problems', () => {
  const problem = (line: number | undefined, code: 'usage' | 'not_found' = 'not_found') => ({
    line,
    error: new VezaError(code, `bad ${line ?? 'word'}`, {hint: 'look'}),
  })

  test('are none where there are none', () => {
    expect(() => refuse([])).not.toThrow()
  })

  test('of a file are a usage error with their lines, at most five of them', () => {
    const many = [2, 3, 4, 5, 6, 7, 8].map(line => problem(line))
    expect(() => refuse(many)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'line 2: bad 2; line 3: bad 3; line 4: bad 4; line 5: bad 5; line 6: bad 6; and 2 more',
        hint: 'look; nothing was changed',
      }),
    )
  })

  test('of an argument keep their code', () => {
    expect(() => refuse([problem(undefined)])).toThrow(
      expect.objectContaining({code: 'not_found', message: 'bad word'}),
    )
  })
})

describe('a file of members', () => {
  function fileOf(bytes: string | Buffer): string {
    const folder = mkdtempSync(join(tmpdir(), 'veza-members-'))
    onTestFinished(() => rmSync(folder, {recursive: true}))
    writeFileSync(join(folder, 'f'), bytes)
    return join(folder, 'f')
  }
  const read = (file: string, stdin = Readable.from([])) =>
    readMemberFile(file, stdin, new AbortController().signal)

  test.each([
    ['UTF-8', Buffer.from('user\nbob\n')],
    ['with a byte order mark', Buffer.from('\ufeffuser\r\nbob\r\n')],
  ])('%s', async (_name, bytes) => {
    expect((await read(fileOf(bytes))).rows).toEqual([{line: 2, user: {name: 'bob'}, role: undefined}])
  })

  test('may come in pieces on stdin', async () => {
    const stdin = Readable.from([Buffer.from('user\nb'), Buffer.from('ob\n')])
    expect((await read('-', stdin)).rows).toMatchObject([{line: 2, user: {name: 'bob'}}])
  })

  test.each([
    ['UTF-16', Buffer.from('user\nbob\n', 'utf16le'), /is not UTF-8 text$/],
    ['Latin-1', Buffer.from('user\nren\xe9\n', 'latin1'), /is not UTF-8 text$/],
    ['too large', Buffer.alloc(8 * 1024 * 1024 + 1, 'x'), /larger than 8 MiB/],
    ['empty', Buffer.alloc(0), /is empty$/],
  ])('%s is a usage error', async (_name, bytes, message) => {
    await expect(read(fileOf(bytes))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    })
  })

  test.each(['/nowhere/f', tmpdir()])('%s cannot be read', async file => {
    await expect(read(file)).rejects.toMatchObject({code: 'file_unreadable'})
  })
})
