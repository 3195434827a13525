import {describe, expect, test} from 'vitest'
import type {Member} from '../../../../src/contract/resources.js'
import {Roles} from '../../../../src/lib/cli/bot/roles.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

const ROOM = {kind: 'room', id: 1} as const

/** A server with an owner, a moderator and an admin; `filters`: whether it lists only the role asked for. */
function serverOf({filters}: {filters: boolean}) {
  const members: Member[] = [
    {id: 1, username: 'o', role: 'owner'},
    {id: 2, username: 'm', role: 'moderator'},
    {id: 3, username: 'x', role: 'member'},
  ]
  const calls: string[] = []
  let failure: VezaError | undefined
  let nowMs = 0
  const api = {
    rooms: {
      members: async (id: number, {role}: {role?: string} = {}) => {
        calls.push(`members ${id} ${role}`)
        if (failure !== undefined) throw failure
        return {items: filters ? members.filter(member => member.role === role) : members, has_more: false}
      },
    },
    users: {
      get: async (id: number) => {
        calls.push(`user ${id}`)
        return {id, username: 'u', role: id === 9 ? 'admin' : 'user'}
      },
    },
  }
  const roles = new Roles(api as unknown as ConstructorParameters<typeof Roles>[0], () => nowMs)
  const fail = (error: VezaError | undefined): void => {
    failure = error
  }
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return {roles, calls, fail, pass}
}

describe('Roles', () => {
  test.each([true, false])('by the server, which filters: %s', async filters => {
    const {roles} = serverOf({filters})
    const found = await Promise.all([1, 2, 3, 4].map(id => roles.of(id, ROOM).room()))
    expect(found).toEqual(['owner', 'moderator', 'member', 'member'])
    expect(await roles.of(9, ROOM).isAdmin()).toBe(true)
    expect(await roles.of(1, ROOM).isAdmin()).toBe(false)
  })

  test('nobody has a role in a conversation, and nobody is asked', async () => {
    const {roles, calls} = serverOf({filters: true})
    expect(await roles.of(1, {kind: 'dm', id: 1}).room()).toBeUndefined()
    expect(calls).toEqual([])
  })

  test('asked once a minute', async () => {
    const {roles, calls, pass} = serverOf({filters: true})
    const ask = () =>
      Promise.all([roles.of(1, ROOM).room(), roles.of(2, ROOM).room(), roles.of(9, ROOM).isAdmin()])
    await ask()
    pass(59_999)
    await ask()
    expect(calls).toEqual(['members 1 moderator', 'user 9', 'members 1 owner'])
    pass(1)
    await ask()
    expect(calls).toHaveLength(6)
  })

  test('a failure is not kept', async () => {
    const {roles, fail} = serverOf({filters: true})
    fail(new VezaError('unreachable', 'down'))
    await expect(roles.of(1, ROOM).room()).rejects.toMatchObject({code: 'unreachable'})
    fail(undefined)
    await new Promise(setImmediate)
    expect(await roles.of(1, ROOM).room()).toBe('owner')
  })
})
