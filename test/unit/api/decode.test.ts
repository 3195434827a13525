import {describe, expect, test} from 'vitest'
import {
  decodeConversation,
  decodeMember,
  decodeMessage,
  decodePage,
  decodeRoom,
  decodeTokenGrant,
  decodeUploadedFile,
  decodeUser,
} from '../../../src/lib/api/decode.js'

const bob = {id: 7, username: 'bob'}

describe('section 7, each row in both dialects', () => {
  test('login answer', () => {
    const grant = {access_token: 'a', refresh_token: 'r', expires_in: 900, user: {...bob, role: 'user'}}
    expect(decodeTokenGrant(grant)).toEqual(grant)
    expect(decodeTokenGrant({...grant, user: {user_id: '7', username: 'bob', role: 'user'}})).toEqual(grant)
  })

  test('list of rooms: an array, or `rooms` with `total` and `has_more`', () => {
    const rooms = [{id: 1, name: 'general'}]
    expect(decodePage(rooms, 'rooms', decodeRoom, 50)).toEqual({items: rooms, has_more: false})
    expect(decodePage({rooms, total: 9, has_more: true}, 'rooms', decodeRoom, 50)).toEqual({
      items: rooms,
      has_more: true,
      total: 9,
    })
  })

  test('list of messages: an array, or `messages` with `total_count` and `has_more`', () => {
    const messages = [{id: 1, content: 'hi'}]
    expect(decodePage(messages, 'messages', decodeMessage, 50)).toEqual({items: messages, has_more: false})
    expect(decodePage({messages, total_count: 3, has_more: true}, 'messages', decodeMessage, 50)).toEqual({
      items: messages,
      has_more: true,
      total: 3,
    })
  })

  test("a message's parent", () => {
    expect(decodeMessage({id: 2, content: '', parent_id: 1})).toEqual({id: 2, content: '', parent_id: 1})
    expect(decodeMessage({id: 2, content: '', parent_message_id: 1})).toEqual({
      id: 2,
      content: '',
      parent_id: 1,
    })
    expect(decodeMessage({id: 2, content: '', parent_message_id: null})).toEqual({
      id: 2,
      content: '',
      parent_id: null,
    })
    expect(decodeMessage({id: 2, content: '', parent_id: null, parent_message_id: 1}).parent_id).toBe(1)
    expect(decodeMessage({id: 2, content: '', parent_id: null}).parent_id).toBeNull()
  })

  test("a message's id in a frame, with what a frame adds", () => {
    const place = {room_id: 15, room_name: 'general', conversation_id: 3}
    const message = {id: 9, content: 'hi', ...place}
    expect(decodeMessage(message)).toEqual(message)
    expect(decodeMessage({message_id: 9, content: 'hi', ...place})).toEqual(message)
    expect(Object.keys(decodeMessage({content: 'hi', message_id: 9}))[0]).toBe('id')
    expect(decodeMessage({id: 1, message_id: 9, content: 'hi'})).toEqual({id: 9, content: 'hi'})
  })

  test.each([
    ['emoji to names', {'👍': ['bob', 'eve']}, [{username: 'bob'}, {username: 'eve'}]],
    ['emoji to ids', {'👍': [7, 8]}, [{id: 7}, {id: 8}]],
    ['emoji to count and users', {'👍': {count: 2, users: [{user_id: 7}, {user_id: 8}]}}, [{id: 7}, {id: 8}]],
    [
      'a list',
      [{emoji: '👍', count: 2, users: [bob, {user_id: 8, username: 'eve'}]}],
      [bob, {id: 8, username: 'eve'}],
    ],
    ['a list without users', [{emoji: '👍', count: 2}], []],
  ])('reactions: %s', (_form, reactions, users) => {
    expect(decodeMessage({id: 1, content: '', reactions}).reactions).toEqual([{emoji: '👍', count: 2, users}])
  })

  test('reactions: none, in each form', () => {
    for (const reactions of [{}, []])
      expect(decodeMessage({id: 1, content: '', reactions}).reactions).toEqual([])
    expect(decodeMessage({id: 1, content: '', reactions: null})).not.toHaveProperty('reactions')
  })

  test('a user in a list', () => {
    expect(decodeUser({...bob, email: 'b@x'})).toEqual({...bob, email: 'b@x'})
    expect(decodeUser({user_id: 7, username: 'bob'})).toEqual(bob)
    expect(decodeMember({user_id: 7, username: 'bob', role: 'owner'})).toEqual({...bob, role: 'owner'})
    // The id of a membership is not that of the user.
    expect(decodeMember({id: 900, user_id: 7, username: 'bob'})).toEqual(bob)
  })

  test("a conversation's id, in REST and in frames", () => {
    const other_user = bob
    expect(decodeConversation({id: 3, other_user: {user_id: 7, username: 'bob'}})).toEqual({
      conversation_id: 3,
      other_user,
    })
    const created = {conversation_id: 3, user1_id: 1, user2_id: 2, is_blocked: false, created_at: 'now'}
    expect(decodeConversation(created)).toEqual(created)
  })

  test('the last message of a conversation has the first names, whole or as a preview', () => {
    const last_message = {message_id: 4, parent_message_id: 2}
    expect(decodeConversation({id: 3, last_message}).last_message).toEqual({id: 4, parent_id: 2})
    expect(decodeConversation({id: 3, last_message: 'hi'}).last_message).toBe('hi')
  })

  test('more pages: the word of the server, else a full page means perhaps', () => {
    const rooms = [1, 2].map(id => ({id, name: 'x'}))
    expect(decodePage(rooms, 'rooms', decodeRoom, 2).has_more).toBe(true)
    expect(decodePage(rooms, 'rooms', decodeRoom, 3).has_more).toBe(false)
    expect(decodePage({rooms, has_more: false}, 'rooms', decodeRoom, 2).has_more).toBe(false)
  })

  test('file answer of 4 and of 8 fields', () => {
    const file = {file_id: 1, filename: 'a.txt', url: '/f/1', size: 0}
    expect(decodeUploadedFile(file)).toEqual(file)
    const full = {
      ...file,
      original_filename: 'A.txt',
      mime_type: 'text/plain',
      thumbnail_url: null,
      uploaded_at: 't',
    }
    expect(decodeUploadedFile(full)).toEqual(full)
  })
})

describe('what is wrong is named', () => {
  const code = 'not_protocol'

  test.each([
    [() => decodeMessage({id: 1}), 'message.content is missing'],
    [() => decodeMessage({content: ''}), 'message.id is missing'],
    [() => decodeMessage({id: 1, content: 5}), 'message.content should be text, is a number'],
    [() => decodeMessage(null), 'message should be an object, is nothing'],
    [() => decodeMessage([]), 'message should be an object, is a list'],
    [() => decodeMessage({id: 1, content: '', is_pinned: 'no'}), 'message.is_pinned should be true or false'],
    [
      () => decodeMessage({id: 1, content: '', reactions: 3}),
      'message.reactions should be a list or an object',
    ],
    [
      () => decodeMessage({id: 1, content: '', reactions: {x: 3}}),
      'message.reactions[0] should be an object',
    ],
    [
      () => decodeMessage({id: 1, content: '', reactions: [{emoji: 'x', users: [{id: 'q'}]}]}),
      'message.reactions[0].users[0].id should be a positive integer',
    ],
    [
      () => decodeMessage({id: 1, content: '', reactions: [{emoji: 'x', users: 3}]}),
      'users should be a list',
    ],
    [() => decodePage([{id: 1, name: 'x'}, {id: 2}], 'rooms', decodeRoom, 9), 'rooms[1].name is missing'],
    [() => decodePage({rows: []}, 'rooms', decodeRoom, 9), 'rooms should be a list, is nothing'],
    [() => decodePage('x', 'rooms', decodeRoom, 9), 'rooms should be a list, is a string'],
    [() => decodeTokenGrant({access_token: ''}), 'access_token is empty'],
    [() => decodeTokenGrant({access_token: 'a', user: {id: 1}}), 'token answer.user.username is missing'],
    [
      () => decodeTokenGrant({access_token: 'a', expires_in: -1}),
      'expires_in should be a number of 0 or more',
    ],
    [
      () => decodeUploadedFile({file_id: 1, filename: 'a', url: 'u', size: JSON.parse('1e999')}),
      'file.size should be',
    ],
  ])('%#: %s', (decode, message) => {
    expect(decode).toThrow(expect.objectContaining({code, message: expect.stringContaining(message)}))
  })

  test('no value is shown: it may be a secret or hostile', () => {
    expect(() => decodeTokenGrant({access_token: {secret: 'hunter2'}})).toThrow(
      expect.objectContaining({message: expect.not.stringContaining('hunter2')}),
    )
  })
})

describe('ids', () => {
  test('integers and their digits', () => {
    expect(decodeRoom({id: 15, name: ''}).id).toBe(15)
    expect(decodeRoom({id: '15', name: ''}).id).toBe(15)
    expect(decodeRoom({id: Number.MAX_SAFE_INTEGER, name: ''}).id).toBe(Number.MAX_SAFE_INTEGER)
  })

  test.each([0, -1, 1.5, '0', '-1', '1.5', '', ' 1', 'x', true, {}, []])('%j is none', id => {
    expect(() => decodeRoom({id, name: ''})).toThrow('room.id should be a positive integer')
  })

  test.each([2 ** 53, '9007199254740993'])('%s is said to be too large', id => {
    expect(() => decodeRoom({id, name: ''})).toThrow('room.id is beyond 2^53-1')
  })
})

test('null where a type does not name it counts as missing, and an empty list may be null', () => {
  expect(decodeRoom({id: 1, name: 'x', uuid: null, description: null})).toEqual({
    id: 1,
    name: 'x',
    description: null,
  })
  expect(decodePage(null, 'rooms', decodeRoom, 9)).toEqual({items: [], has_more: false})
  expect(decodePage({rooms: null, total: 0}, 'rooms', decodeRoom, 9)).toEqual({
    items: [],
    has_more: false,
    total: 0,
  })
})

test('an empty refresh token counts as missing: it must not replace a good one', () => {
  expect(decodeTokenGrant({access_token: 'a', refresh_token: ''})).toEqual({access_token: 'a'})
})

test('a message that is normalised already is not copied', () => {
  const message = {id: 1, content: 'hi', reactions: [{emoji: 'x', count: 1, users: [bob]}], extra: 1}
  expect(decodeMessage(message)).toBe(message)
})
