import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, rowsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('rooms join and leave, %s', dialect => {
  const chat = useChat({dialect})
  let rooms = 0
  const roomOf = async (fields: object = {}): Promise<{id: number; name: string}> => {
    const name = `open-${++rooms}`
    const {id} = (await chat.call('alice', 'POST', '/rooms', {name, ...fields})) as {id: number}
    return {id, name}
  }
  const members = async (id: number) =>
    rowsOf(await chat.call('alice', 'GET', `/rooms/${id}/members`), 'members').map(({username}) => username)

  test('a pipe: in, still in, out, still out', async () => {
    const {id, name} = await roomOf()
    const run = (verb: string) => chat.bob.run(['rooms', verb, name])
    expect(await run('join')).toEqual({
      code: 0,
      stdout: `room:\t${id}\nusername:\tbob\nrole:\tmember\noutcome:\tdone\n`,
      stderr: `joined room ${id}\n`,
    })
    expect(await members(id)).toEqual(['alice', 'bob'])
    expect(await run('join')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('outcome:\tunchanged\n'),
      stderr: 'you were in the room already\n',
    })
    expect(await run('leave')).toMatchObject({code: 0, stderr: `left room ${id}\n`})
    expect(await members(id)).toEqual(['alice'])
    expect(await run('leave')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('outcome:\tunchanged\n'),
      stderr: 'you were not in the room\n',
    })
  })

  test('--json is the membership', async () => {
    const {id} = await roomOf()
    const own = {room_id: id, user_id: 3, username: 'bob'}
    expect(documentOf(await chat.bob.run(['rooms', 'join', `${id}`, '--json']))).toEqual({
      ...own,
      action: 'add',
      role: 'member',
      outcome: 'done',
    })
    expect(documentOf(await chat.bob.run(['rooms', 'leave', `${id}`, '--json']))).toEqual({
      ...own,
      action: 'remove',
      outcome: 'done',
    })
  })

  test('a person sees it', async () => {
    const {name} = await roomOf()
    const joined = await atTerminal(chat.bob, ['rooms', 'join', name, '--no-color'])
    expect(joined.screen).toMatch(/outcome: +done\n/)
    const left = await atTerminal(chat.bob, ['rooms', 'leave', name, '--no-color'])
    expect([joined.code, left.code, /outcome: +done\n/.test(left.screen)]).toEqual([0, 0, true])
  })

  test('a private room lets nobody in by himself: 9', async () => {
    const {id} = await roomOf({is_public: false})
    const run = await chat.bob.run(['rooms', 'join', `${id}`, '--json'])
    expect([run.code, errorOf(run).code, run.stdout]).toEqual([9, 'forbidden', ''])
    expect((await chat.bob.run(['rooms', 'leave', `${id}`])).code).toBe(9)
  })

  test('a full room is a conflict, not a membership: 8', async () => {
    const {id} = await roomOf({max_members: 1})
    expect(await chat.bob.run(['rooms', 'join', `${id}`])).toMatchObject({code: 8, stdout: ''})
    expect((await chat.alice.run(['rooms', 'join', `${id}`])).code).toBe(0)
  })

  test('the owner stays, and a room that is not there is not left: 8, 7', async () => {
    const {id} = await roomOf()
    expect((await chat.alice.run(['rooms', 'leave', `${id}`])).code).toBe(8)
    const codes = ['join', 'leave'].map(async verb => (await chat.bob.run(['rooms', verb, '999'])).code)
    expect(await Promise.all(codes)).toEqual([7, 7])
  })
})
