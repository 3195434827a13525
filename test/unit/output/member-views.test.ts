import {describe, expect, it} from 'vitest'
import {renderDetails} from '../../../src/lib/output/formats/details.js'
import {renderTable} from '../../../src/lib/output/formats/table.js'
import {createStyle} from '../../../src/lib/output/style.js'
import {memberView} from '../../../src/lib/output/views/member.js'
import {
  changeSentence,
  type MemberChange,
  memberChangeView,
} from '../../../src/lib/output/views/member-change.js'
import {userView} from '../../../src/lib/output/views/user.js'
import {pipe, terminal} from './capture.js'

const HOSTILE = '\x1b]0;owned\x07evil\x1b[2J\u202e\nnext\tcell'
const SAFE = 'evil\\u{202e}⏎next⇥cell'

const change: MemberChange = {
  room_id: 5,
  user_id: 7,
  username: 'bob',
  action: 'add',
  role: 'moderator',
  outcome: 'done',
}

describe('members', () => {
  const member = {id: 7, username: 'bob', role: 'owner', joined_at: '2026-03-01T11:57:00Z', is_online: true}

  it('are a table at a terminal', async () => {
    const rows = [member, {id: 12, username: 'eve', is_online: false}, {id: 13, username: 'may'}]
    expect(await renderTable(memberView.columns, rows, terminal)).toBe(
      [
        'ID  USERNAME  ROLE   JOINED     ONLINE  LAST SEEN',
        '7   bob       owner  3 min ago  yes     -',
        '12  eve       -      -          no      -',
        '13  may       -      -          -       -',
        '',
      ].join('\n'),
    )
  })

  it('are tab-separated in a pipe, with exact times', async () => {
    const rows = [{...member, last_seen: '2026-03-01T11:58:00Z', username: HOSTILE}]
    expect(await renderTable(memberView.columns, rows, pipe)).toBe(
      `7\t${SAFE}\towner\t2026-03-01T11:57:00Z\tyes\t2026-03-01T11:58:00Z\n`,
    )
  })
})

describe('a change of a member', () => {
  it.each([
    [{}, 'added bob as moderator'],
    [{role: undefined}, 'added bob'],
    [{outcome: 'planned'}, 'to add bob as moderator'],
    [{outcome: 'unchanged'}, 'unchanged: bob is moderator already'],
    [{outcome: 'unchanged', role: undefined}, 'unchanged: bob is in the room already'],
    [{outcome: 'not_done'}, 'not done: add bob as moderator'],
    [{outcome: 'unknown'}, 'unknown: add bob as moderator'],
    [{outcome: 'failed', error: {code: 'forbidden', message: 'no'}}, 'failed: add bob as moderator: no'],
    [{action: 'remove'}, 'removed bob (was moderator)'],
    [{action: 'remove', role: undefined, outcome: 'planned'}, 'to remove bob'],
    [{action: 'remove', role: undefined, outcome: 'unchanged'}, 'unchanged: bob is not in the room'],
    [{action: 'set_role', previous_role: 'member'}, 'made bob moderator (was member)'],
    [{action: 'set_role', outcome: 'planned'}, 'to make bob moderator'],
    [{action: 'set_role', outcome: 'unchanged'}, 'unchanged: bob is moderator already'],
  ] as const)('%j is: %s', (more, sentence) => {
    expect(changeSentence({...change, ...more})).toBe(sentence)
  })

  it('is a safe line, in columns in a pipe and a sentence in colour at a terminal', async () => {
    const hostile = {...change, username: HOSTILE}
    expect(memberChangeView.line?.(hostile, pipe)).toBe(`${SAFE}\tadd\tmoderator\tdone`)
    const style = await createStyle(1)
    const line = (outcome: MemberChange['outcome']) =>
      memberChangeView.line?.({...hostile, outcome}, {...terminal, style})
    expect(line('done')).toBe(style.green(`added ${SAFE} as moderator`))
    expect(line('failed')).toBe(style.red(`failed: add ${SAFE} as moderator`))
    expect(line('planned')).toBe(`to add ${SAFE} as moderator`)
  })

  it('has details', () => {
    expect(renderDetails(memberChangeView.fields!, change, pipe)).toBe(
      'room:\t5\nusername:\tbob\nrole:\tmoderator\noutcome:\tdone\n',
    )
  })
})

it('the details of a user have what he says of himself', () => {
  const user = {id: 7, username: 'bob', status_message: 'at tea\x1b[2J'}
  expect(renderDetails(userView.fields!, user, pipe)).toContain('status:\tat tea\n')
})
