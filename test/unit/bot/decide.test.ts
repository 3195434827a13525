import {describe, expect, test} from 'vitest'
import type {Message} from '../../../src/contract/resources.js'
import {type BotRules, decide, isOfOthers} from '../../../src/lib/bot/decide.js'
import type {OwnCommand} from '../../../src/lib/bot/own-command.js'

const DEPLOY: OwnCommand = {name: 'deploy', action: {type: 'reply', template: 'ok'}}
const RULES: BotRules = {
  botId: 4,
  prefix: '!bot',
  commands: new Map([['deploy', DEPLOY]]),
  oldestMs: Date.parse('2026-11-22T12:00:00Z'),
}
const ROOM = {kind: 'room', id: 1} as const
const DM = {kind: 'dm', id: 1} as const

function said(content: string, created_at = '2026-11-22T12:00:00Z'): Message {
  return {id: 9, author_id: 2, username: 'alice', content, created_at}
}

describe('decide', () => {
  test.each([
    ['!bot ping', {type: 'builtin', name: 'ping'}],
    ['!bot', {type: 'builtin', name: 'help'}],
    ['!bot deploy now', {type: 'own', command: DEPLOY}],
    ['!bot constructor', {type: 'unknown', name: 'constructor'}],
  ])('%j is answered in rooms and in conversations', (content, decision) => {
    expect(decide(said(content), ROOM, RULES)).toMatchObject(decision)
    expect(decide(said(content), DM, RULES)).toMatchObject(decision)
  })

  test('anything else is answered in a conversation alone', () => {
    expect(decide(said('hello'), ROOM, RULES)).toEqual({type: 'ignore'})
    expect(decide(said('hello'), DM, RULES)).toEqual({type: 'greeting'})
  })

  test('what is too old is left, and told apart from what is not for the bot', () => {
    const old = '2026-11-22T11:59:59Z'
    expect(decide(said('!bot ping', old), ROOM, RULES)).toEqual({type: 'old'})
    expect(decide(said('hello', old), DM, RULES)).toEqual({type: 'old'})
    expect(decide(said('hello', old), ROOM, RULES)).toEqual({type: 'ignore'})
  })

  test('a message without a time is not old', () => {
    const {created_at: _, ...timeless} = said('!bot ping')
    expect(decide(timeless, ROOM, RULES)).toMatchObject({type: 'builtin'})
  })
})

test('the bot never answers itself, by its id, whatever its name; nor where nobody is named', () => {
  expect(isOfOthers(said('!bot ping'), 4)).toBe(true)
  expect(isOfOthers({...said('!bot ping'), author_id: 4, username: 'renamed'}, 4)).toBe(false)
  expect(isOfOthers({id: 9, content: '!bot ping'}, 4)).toBe(false)
})
