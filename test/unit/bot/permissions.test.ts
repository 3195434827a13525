import {describe, expect, test} from 'vitest'
import {type AllowRole, type CallerRoles, mayUse} from '../../../src/lib/bot/permissions.js'

const ALICE = {id: 2, username: 'alice'}

function rolesOf(room: 'owner' | 'moderator' | 'member' | undefined, isAdmin = false): CallerRoles {
  return {room: async () => room, isAdmin: async () => isAdmin}
}

const NEVER_ASKED: CallerRoles = {
  room: () => Promise.reject(new Error('asked for the role in the room')),
  isAdmin: () => Promise.reject(new Error('asked for the role on the server')),
}

describe('mayUse', () => {
  test('everybody where nothing is said, without a question', async () => {
    expect(await mayUse(undefined, ALICE, NEVER_ASKED)).toBe(true)
  })

  test.each([['alice'], ['@alice'], ['2']])('a user by %s, without a question', async user => {
    expect(await mayUse({roles: ['owner'], users: [user]}, ALICE, NEVER_ASKED)).toBe(true)
  })

  test('digits are an id: who takes them for a name is somebody else', async () => {
    const impostor = {id: 9, username: '777'}
    expect(await mayUse({roles: [], users: ['777']}, impostor, NEVER_ASKED)).toBe(false)
    expect(await mayUse({roles: [], users: ['@777']}, impostor, NEVER_ASKED)).toBe(true)
    expect(await mayUse({roles: [], users: ['@2']}, ALICE, NEVER_ASKED)).toBe(false)
  })

  test('no other user', async () => {
    expect(await mayUse({roles: [], users: ['bob', '20', 'Alice']}, ALICE, NEVER_ASKED)).toBe(false)
  })

  test.each<[AllowRole[], 'owner' | 'moderator' | 'member' | undefined, boolean, boolean]>([
    [['owner'], 'owner', false, true],
    [['owner'], 'moderator', false, false],
    [['moderator'], 'owner', false, true],
    [['moderator'], 'member', false, false],
    [['moderator', 'owner'], 'owner', false, true],
    [['member'], 'owner', false, true],
    [['member'], 'member', false, true],
    [['member'], undefined, true, false],
    [['admin'], 'owner', false, false],
    [['admin'], undefined, true, true],
    [['owner', 'admin'], 'member', true, true],
  ])('%j for a %s, admin %s: %s', async (roles, room, isAdmin, allowed) => {
    expect(await mayUse({roles, users: []}, ALICE, rolesOf(room, isAdmin))).toBe(allowed)
  })

  test('asks only for what matters', async () => {
    const {isAdmin} = NEVER_ASKED
    expect(await mayUse({roles: ['owner'], users: []}, ALICE, {...rolesOf('member'), isAdmin})).toBe(false)
    const {room} = NEVER_ASKED
    expect(await mayUse({roles: ['admin'], users: []}, ALICE, {...rolesOf(undefined, true), room})).toBe(true)
  })
})
