import {describe, expect, test} from 'vitest'
import {DIALECTS, errorOf, recordsOf, rowsOf, useChat} from '../../../support/chat.js'
import {atTerminal} from '../../../support/veza.js'

describe.each(DIALECTS)('rooms members add, remove and set-role, %s', dialect => {
  const chat = useChat({dialect})
  const change = (verb: string, ...words: string[]) => chat.alice.run(['rooms', 'members', verb, ...words])
  /** Everybody in the room and as what. */
  const roles = async (id: number) =>
    Object.fromEntries(
      rowsOf(await chat.call('alice', 'GET', `/rooms/${id}/members`), 'members').map(({username, role}) => [
        username,
        role,
      ]),
    )

  test('one user: in, again, another role, out, again', async () => {
    const {id, name} = await chat.room()
    expect(await change('add', name, 'bot')).toEqual({
      code: 0,
      stdout: 'bot\tadd\tmember\tdone\n',
      stderr: '',
    })
    expect((await change('add', name, '4')).stdout).toBe('bot\tadd\tmember\tunchanged\n')
    expect((await change('set-role', name, '@bot', '--role', 'moderator')).stdout).toBe(
      'bot\tset_role\tmoderator\tdone\n',
    )
    expect(await roles(id)).toEqual({alice: 'owner', bob: 'member', bot: 'moderator'})
    expect((await change('set-role', name, 'bot', '--role', 'moderator')).stdout).toContain('\tunchanged\n')
    expect((await change('remove', name, 'bot')).stdout).toBe('bot\tremove\tmoderator\tdone\n')
    expect((await change('remove', name, 'bot')).stdout).toBe('bot\tremove\t\tunchanged\n')
    expect(await roles(id)).toEqual({alice: 'owner', bob: 'member'})
  })

  test('--json is a record for each', async () => {
    const {id} = await chat.room()
    const added = await change('add', `${id}`, 'bot', 'bob', '--json')
    expect(added).toMatchObject({code: 0, stderr: ''})
    expect(recordsOf(added)).toEqual([
      {room_id: id, user_id: 4, username: 'bot', action: 'add', role: 'member', outcome: 'done'},
      {room_id: id, user_id: 3, username: 'bob', action: 'add', role: 'member', outcome: 'unchanged'},
    ])
    const raised = await change('set-role', `${id}`, 'bot', '--role', 'moderator', '--json')
    expect(recordsOf(raised)).toMatchObject([{previous_role: 'member', role: 'moderator', outcome: 'done'}])
  })

  test('a person sees sentences', async () => {
    const {name} = await chat.room()
    const see = async (...words: string[]) =>
      (await atTerminal(chat.alice, ['rooms', 'members', ...words, '--no-color'])).screen
    expect(await see('add', name, 'bot')).toBe('added bot as member\n')
    expect(await see('set-role', name, 'bot', '--role', 'moderator')).toBe(
      'made bot moderator (was member)\n',
    )
    expect(await see('remove', name, 'bot')).toBe('removed bot (was moderator)\n')
    expect(await see('remove', name, 'bot')).toBe('unchanged: bot is not in the room\n')
  })

  test('several users: the plan on stderr, then a record each', async () => {
    const {id, name} = await chat.room()
    expect(await change('add', name, 'bot', 'bob', 'admin')).toEqual({
      code: 0,
      stdout: 'bot\tadd\tmember\tdone\nbob\tadd\tmember\tunchanged\nadmin\tadd\tmember\tdone\n',
      stderr: `plan for #${name}: 2 to add, 1 unchanged\n  to add bot as member\n  to add admin as member\n2 added, 1 unchanged\n`,
    })
    expect(Object.keys(await roles(id)).sort()).toEqual(['admin', 'alice', 'bob', 'bot'])
  })

  test('removing several wants --yes where nobody can be asked', async () => {
    const {id, name} = await chat.room()
    await change('add', name, 'bot')
    const unsure = await change('remove', name, 'bot', 'bob')
    expect(unsure).toMatchObject({code: 2, stdout: ''})
    expect(unsure.stderr).toContain(
      `error: not confirmed: remove 2 members from #${name}\nhint: confirm it with --yes`,
    )
    expect(Object.keys(await roles(id))).toHaveLength(3)
    expect((await change('remove', name, 'bot', 'bob', '--yes')).code).toBe(0)
    expect(await roles(id)).toEqual({alice: 'owner'})
  })

  test.each([
    ['n', 1, 'member'],
    ['y', 0, 'moderator'],
  ])('a person sees the plan and is asked; %s', async (typed, exit, role) => {
    const {id} = await chat.room()
    await change('add', `${id}`, 'bot')
    const words = ['rooms', 'members', 'set-role', `${id}`, 'bot', 'bob', '--role', 'moderator', '--no-color']
    const {code, screen} = await atTerminal(chat.alice, words, {
      typing: [{prompt: '(y/N)', typed: `${typed}\r`}],
    })
    expect(code).toBe(exit)
    const plan = `plan for room ${id}: 2 to change\n  to make bot moderator (was member)\n  to make bob moderator (was member)\n`
    const question = `Really change the roles of 2 members of room ${id}?`
    expect(screen.startsWith(plan)).toBe(true)
    expect(screen.indexOf(question)).toBeGreaterThan(0)
    expect(screen.includes('made bot moderator (was member)\n')).toBe(exit === 0)
    expect(await roles(id)).toEqual({alice: 'owner', bob: role, bot: role})
  })

  test('nothing is asked where nothing is to be done', async () => {
    const {name} = await chat.room()
    const run = await change('remove', name, 'bot', 'admin')
    expect(run).toMatchObject({
      code: 0,
      stderr: `plan for #${name}: 0 to remove, 2 unchanged\n0 removed, 2 unchanged\n`,
    })
  })

  test('who has no right is told so, and what was not done', async () => {
    const {id, name} = await chat.room()
    const one = await chat.bob.run(['rooms', 'members', 'add', name, 'bot', '--json'])
    expect([one.code, one.stdout, errorOf(one).code]).toEqual([9, '', 'forbidden'])
    const many = await chat.bob.run(['rooms', 'members', 'add', name, 'bot', 'alice', 'admin'])
    expect(many).toMatchObject({
      code: 9,
      stdout: 'bot\tadd\tmember\tfailed\nalice\tadd\towner\tunchanged\nadmin\tadd\tmember\tnot_done\n',
    })
    expect(many.stderr).toMatch(
      /\nerror: bot: Only a moderator .*\(HTTP 403\); 0 added, 1 unchanged, 1 failed, 1 not done\nhint: .*again/,
    )
    expect(await roles(id)).toEqual({alice: 'owner', bob: 'member'})
  })

  test('a member is not added with another role: that is a conflict, before anything is done', async () => {
    const {id, name} = await chat.room()
    const run = await change('add', name, 'bot', 'bob', '--role', 'moderator', '--json')
    expect([run.code, run.stdout]).toEqual([8, ''])
    expect(errorOf(run)).toMatchObject({
      code: 'conflict',
      message: 'bob is in the room already, as member',
      hint: 'veza rooms members set-role changes roles; nothing was changed',
    })
    expect(await roles(id)).toEqual({alice: 'owner', bob: 'member'})
  })

  test('the admin of the server manages a private room he is not in', async () => {
    const {id} = (await chat.call('alice', 'POST', '/rooms', {
      name: `private-${dialect}`,
      is_public: false,
    })) as {id: number}
    const admin = {VEZA_TOKEN: '', VEZA_USERNAME: 'admin', VEZA_PASSWORD: 'admin-pass'}
    const run = (verb: string, ...words: string[]) =>
      chat.alice.run(['rooms', 'members', verb, `${id}`, ...words], {env: admin})
    expect((await run('add', 'bob', 'bot')).code).toBe(0)
    expect((await run('set-role', 'bob', '--role', 'moderator')).code).toBe(0)
    expect((await run('remove', 'bot')).code).toBe(0)
    expect(await roles(id)).toEqual({alice: 'owner', bob: 'moderator'})
  })
})

describe('rooms members add, remove and set-role, bad input', () => {
  const chat = useChat()

  test.each([
    ['add', ['general'], 2, /^error: missing argument USER\nhint: .*--from\n/],
    ['add', [], 2, /^error: missing argument ROOM\n/],
    ['add', ['general', 'bob', '--from', 'x'], 2, /^error: USER does not go with --from\n/],
    ['add', ['general', 'bob', '--role', 'boss'], 2, /^error: --role wants one of/],
    ['set-role', ['general', 'bob'], 2, /^error: --role is missing\n/],
    ['set-role', ['general', 'bob', 'bob', '--role', 'owner'], 2, /^error: bob is named twice\n/],
    [
      'add',
      ['general', 'nobody', 'noone'],
      7,
      /^error: there is no user "nobody"; there is no user "noone"\n/,
    ],
    ['add', ['general', '77'], 7, /^error: there is no user 77\n/],
    ['add', ['nowhere', 'bob'], 7, /^error: there is no room "nowhere"\n/],
    ['remove', ['999', 'bob'], 7, /HTTP 404/],
    ['add', ['general', ''], 2, /^error: USER is empty/],
    ['remove', ['general', 'bob', '--role', 'member'], 2, /^error: unknown flag --role/],
  ])('%s %j', async (verb, words, code, stderr) => {
    const run = await chat.alice.run(['rooms', 'members', verb, ...words])
    expect(run).toEqual({code, stdout: '', stderr: expect.stringMatching(stderr)})
  })

  test('set-role of somebody who is no member names him', async () => {
    const {name} = await chat.room()
    const run = await chat.alice.run(['rooms', 'members', 'set-role', name, 'bot', '--role', 'moderator'])
    expect(run).toMatchObject({code: 7, stderr: expect.stringContaining('bot is no member of the room')})
  })
})
