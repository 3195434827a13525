import {describe, expect, test} from 'vitest'
import type {Api} from '../../../../src/lib/api/index.js'
import {describeRoom} from '../../../../src/lib/cli/members/describe-room.js'
import {admit, expel} from '../../../../src/lib/cli/members/membership.js'
import {join, leave} from '../../../../src/lib/cli/members/own-membership.js'
import {readRoster} from '../../../../src/lib/cli/members/roster.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {CONFLICT, roomsStub} from './rooms-stub.js'

const ANN = {id: 1, username: 'ann', role: 'owner'}
const BOB = {id: 2, username: 'bob', role: 'moderator'}
const CAT = {id: 3, username: 'cat', role: 'member'}
const NEW = {role: 'member', isListed: true} as const

describe('to admit', () => {
  test('a stranger is done with one call', async () => {
    const {rooms, calls} = roomsStub({members: [ANN]})
    expect(await admit(rooms, 5, {...NEW, id: 2, role: 'moderator'})).toEqual({
      outcome: 'done',
      role: 'moderator',
    })
    expect(calls).toEqual(['add 2 moderator'])
  })

  test('a member changes nothing and tells his role', async () => {
    const {rooms} = roomsStub({members: [ANN, BOB]})
    expect(await admit(rooms, 5, {...NEW, id: 2})).toEqual({outcome: 'unchanged', role: 'moderator'})
  })

  test('to a full room fails, and is not taken for a member', async () => {
    const {rooms} = roomsStub({members: [ANN], answer: () => CONFLICT})
    await expect(admit(rooms, 5, {...NEW, id: 2})).rejects.toBe(CONFLICT)
  })

  test.each([
    ['has no limit', {max_members: null, member_count: 300}, 'unchanged'],
    ['has room', {max_members: 400, member_count: 300}, 'unchanged'],
    ['does not say', {}, 'unchanged'],
    ['is full', {max_members: 300, member_count: 300}, 'conflict'],
  ])('to a room too large to be listed, which %s', async (_name, room, expected) => {
    const {rooms, calls} = roomsStub({members: [ANN, BOB, CAT], page: 1, room, answer: () => CONFLICT})
    const result = admit(rooms, 5, {...NEW, id: 9, isListed: false})
    expect(await result.then(({outcome}) => outcome).catch(({code}) => code)).toBe(expected)
    expect(calls).toEqual(['add 9 member', 'get'])
  })

  test('any other failure is told as it is', async () => {
    const forbidden = new VezaError('forbidden', 'no')
    const {rooms, calls} = roomsStub({answer: () => forbidden})
    await expect(admit(rooms, 5, {...NEW, id: 9})).rejects.toBe(forbidden)
    expect(calls).toEqual(['add 9 member'])
  })
})

describe('to expel', () => {
  test('a member, and then nobody', async () => {
    const {rooms} = roomsStub({members: [BOB]})
    expect(await expel(rooms, 5, 2)).toEqual({outcome: 'done'})
    expect(await expel(rooms, 5, 2)).toEqual({outcome: 'unchanged'})
  })

  test.each([
    new VezaError('not_found', 'no room', {serverCode: 'ROOM_NOT_FOUND'}),
    new VezaError('forbidden', 'no'),
  ])('fails with %s', async error => {
    const {rooms} = roomsStub({answer: () => error})
    await expect(expel(rooms, 5, 2)).rejects.toBe(error)
  })
})

describe('the roster', () => {
  test('of a small room needs one call and is complete', async () => {
    const {rooms, calls} = roomsStub({members: [ANN, BOB]})
    const roster = await readRoster(rooms, 5)
    expect([roster.isComplete, roster.byId(2), roster.byName('ann')]).toEqual([true, BOB, ANN])
    expect([roster.byId(3), roster.byName('Ann')]).toEqual([undefined, undefined])
    expect(calls).toEqual(['list'])
  })

  test('of a larger one has a page of each role, which may be all', async () => {
    const {rooms, calls} = roomsStub({members: [ANN, BOB, CAT], page: 1})
    const roster = await readRoster(rooms, 5)
    expect([roster.isComplete, roster.byName('cat')]).toEqual([true, CAT])
    expect(calls).toEqual(['list', 'list owner', 'list moderator', 'list member'])
  })

  test('goes by the total where a server gives fewer than it is asked for', async () => {
    const {rooms} = roomsStub({members: [ANN, BOB, CAT], page: 1})
    const members = async () => ({items: [ANN], has_more: false, total: 3})
    expect((await readRoster({...rooms, members}, 5)).isComplete).toBe(false)
  })

  test('says where it is not all', async () => {
    const {rooms} = roomsStub({members: [ANN, CAT, {...CAT, id: 4, username: 'dan'}], page: 1})
    const roster = await readRoster(rooms, 5)
    expect([roster.isComplete, roster.byName('dan')]).toEqual([false, undefined])
  })
})

describe('the own account', () => {
  const users = {me: async () => ({id: 2, username: 'bob'})} as Api['users']

  test('joins, stays, leaves, stays away', async () => {
    const api = {rooms: roomsStub({members: [ANN]}).rooms, users} as Api
    expect(await join(api, 5)).toEqual({
      room_id: 5,
      user_id: 2,
      username: 'bob',
      action: 'add',
      role: 'member',
      outcome: 'done',
    })
    expect(await join(api, 5)).toMatchObject({outcome: 'unchanged'})
    expect(await leave(api, 5)).toMatchObject({action: 'remove', outcome: 'done'})
    expect(await leave(api, 5)).toMatchObject({action: 'remove', outcome: 'unchanged'})
  })

  test('has not left a room that does not exist', async () => {
    const missing = new VezaError('not_found', 'no such room')
    const {rooms} = roomsStub({})
    const api = {rooms: {...rooms, get: () => Promise.reject(missing)}, users} as unknown as Api
    await expect(leave(api, 5)).rejects.toBe(missing)
  })
})

describe('a room in words', () => {
  test.each([
    ['by its own count', {room: {member_count: 1}}, '#room (room 5) with 1 member'],
    ['by its list', {members: [ANN, BOB]}, '#room (room 5) with 2 members'],
    ['as far as it is listed', {members: [ANN, BOB, CAT], page: 2}, '#room (room 5) with 2 members or more'],
  ])('%s', async (_name, options, words) => {
    expect(await describeRoom(roomsStub(options).rooms, 5)).toBe(words)
  })
})
