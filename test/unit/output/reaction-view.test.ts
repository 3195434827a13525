import {describe, expect, it} from 'vitest'
import type {Conversation, Reaction} from '../../../src/contract/resources.js'
import {renderTable} from '../../../src/lib/output/formats/table.js'
import {conversationView} from '../../../src/lib/output/views/conversation.js'
import {reactionView} from '../../../src/lib/output/views/reaction.js'
import {pipe, terminal} from './capture.js'

const HOSTILE = '\x1b]0;owned\x07evil\x1b[2J\u202e\nnext\tcell'

describe('reactions', () => {
  const thumbs: Reaction = {emoji: '👍', count: 2, users: [{username: 'ada'}, {id: 7}]}

  it('are a table at a terminal, wide emoji aligned', async () => {
    const party: Reaction = {emoji: '+1', count: 1, users: [{username: 'bob'}]}
    expect(await renderTable(reactionView.columns, [thumbs, party], terminal)).toBe(
      'EMOJI  COUNT  USERS\n👍     2      ada, user 7\n+1     1      bob\n',
    )
  })

  it.each<[string, Reaction, string]>([
    ['all named', thumbs, '👍\t2\tada, user 7\n'],
    ['a part named', {...thumbs, count: 5}, '👍\t5\tada, user 7, 3 more\n'],
    ['nobody named', {emoji: '👍', count: 2, users: []}, '👍\t2\t2 more\n'],
    ['somebody unknown', {emoji: '👍', count: 1, users: [{}]}, '👍\t1\tunknown\n'],
    [
      'hostile',
      {emoji: HOSTILE, count: 1, users: [{username: HOSTILE}]},
      'evil\\u{202e}⏎next⇥cell\t1\tevil\\u{202e}⏎next⇥cell\n',
    ],
  ])('%s in a pipe', async (_what, reaction, line) => {
    expect(await renderTable(reactionView.columns, [reaction], pipe)).toBe(line)
  })
})

describe('the last message of a conversation', () => {
  const bare: Conversation = {conversation_id: 9, other_user: {id: 1, username: 'ada'}, unread_count: 0}

  it.each<[string, unknown, string]>([
    [
      'a message',
      {content: HOSTILE, created_at: '2026-03-01T11:57:00Z'},
      '2026-03-01T11:57:00Z\tevil\\u{202e}⏎next⇥cell',
    ],
    ['a preview', {content: 'x'}, '\tx'],
    ['none', undefined, '\t'],
    ['null', null, '\t'],
    ['a text', 'hello', '\t'],
    ['another kind of thing', {content: 5, created_at: {}}, '\t'],
  ])('%s', async (_what, last_message, cells) => {
    const row = {...bare, last_message}
    expect(await renderTable(conversationView.columns, [row], pipe)).toBe(`9\tada\t0\topen\t${cells}\n`)
  })
})
