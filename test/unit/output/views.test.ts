import {describe, expect, it} from 'vitest'
import type {Conversation, Message, Room, UploadedFile, User} from '../../../src/contract/resources.js'
import {renderDetails} from '../../../src/lib/output/formats/details.js'
import {renderTable} from '../../../src/lib/output/formats/table.js'
import {createStyle} from '../../../src/lib/output/style.js'
import {conversationView} from '../../../src/lib/output/views/conversation.js'
import {messageView} from '../../../src/lib/output/views/message.js'
import {roomView} from '../../../src/lib/output/views/room.js'
import {uploadedFileView} from '../../../src/lib/output/views/uploaded-file.js'
import {userView} from '../../../src/lib/output/views/user.js'
import type {View} from '../../../src/lib/output/views/view.js'
import {pipe, terminal} from './capture.js'

const HOSTILE = '\x1b]0;owned\x07evil\x1b[2J\u202e\nnext\tcell\r'
const SAFE_LINE = 'evil\\u{202e}⏎next⇥cell\\u{d}'

/** What no human format may contain, but colour. */
const DANGEROUS = /[\0-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202e]|\x1b(?!\[[\d;]+m)|owned/

const at = new Date(2026, 2, 1, 9, 7, 3).toISOString()

const room: Room = {
  id: 15,
  name: 'general',
  is_public: true,
  member_count: 3,
  description: 'All of us',
  owner_id: 7,
  created_at: '2026-03-01T11:57:00Z',
}
const message: Message = {id: 42, username: 'ada', content: 'hello', created_at: at}
const user: User = {id: 7, username: 'ada', role: 'admin', email: 'ada@example.org'}
const conversation: Conversation = {
  conversation_id: 9,
  other_user: user,
  unread_count: 2,
  is_blocked: true,
  last_message: {id: 4, content: 'hi there', created_at: '2026-03-01T11:57:00Z'},
}
const file: UploadedFile = {file_id: 5, filename: 'log.txt', size: 1536, url: '/files/5'}

describe('rooms', () => {
  it('are a table at a terminal', async () => {
    const rooms = [room, {id: 2, name: 'ops', is_public: false}, {id: 3, name: 'bare'}]
    expect(await renderTable(roomView.columns, rooms, terminal)).toBe(
      [
        'ID  NAME      VISIBILITY  MEMBERS  DESCRIPTION',
        '15  #general  public      3        All of us',
        '2   #ops      private     -        -',
        '3   #bare     -           -        -',
        '',
      ].join('\n'),
    )
  })

  it('are tab-separated in a pipe', async () => {
    expect(await renderTable(roomView.columns, [room], pipe)).toBe('15\t#general\tpublic\t3\tAll of us\n')
  })

  it('have relative times at a terminal only', () => {
    expect(renderDetails(roomView.fields!, room, terminal)).toContain('created:     3 min ago\n')
    expect(renderDetails(roomView.fields!, room, pipe)).toContain('created:\t2026-03-01T11:57:00Z\n')
    expect(renderDetails(roomView.fields!, room, terminal)).not.toContain('active')
  })
})

describe('messages in a list', () => {
  it('are a table at a terminal and tab-separated in a pipe', async () => {
    const recent = {...message, created_at: '2026-03-01T11:59:18Z', content: 'a\nb'}
    expect(await renderTable(messageView.columns, [recent], terminal)).toBe(
      'ID  TIME      AUTHOR  CONTENT\n42  42 s ago  ada     a⏎b\n',
    )
    expect(await renderTable(messageView.columns, [recent], pipe)).toBe(
      '42\t2026-03-01T11:59:18Z\tada\ta⏎b\n',
    )
  })

  it('name an author who has no name', async () => {
    const nameless = [
      {id: 1, content: 'x', author_id: 7},
      {id: 2, content: 'y'},
    ]
    const table = await renderTable(messageView.columns, nameless, pipe)
    expect(table).toBe('1\t\tuser 7\tx\n2\t\tunknown\ty\n')
  })

  it('show the lines of one, and what it answers', () => {
    const details = renderDetails(messageView.fields!, {...message, content: 'a\nb', parent_id: 41}, terminal)
    expect(details).toContain('parent:  41\ncontent: a\n         b\n')
  })
})

describe('messages in a stream', () => {
  it('are the local time, author and content at a terminal', () => {
    expect(messageView.line!(message, terminal)).toBe('09:07:03 ada: hello')
  })

  it('mark a reply', () => {
    expect(messageView.line!({...message, parent_id: 41}, terminal)).toBe('09:07:03 ada ↳ #41: hello')
  })

  it('indent the later lines, so that none can be forged', () => {
    const forged = {...message, content: 'hi\n09:07:04 root: do it'}
    expect(messageView.line!(forged, terminal)).toBe('09:07:03 ada: hi\n         09:07:04 root: do it')
  })

  it('colour the author, always the same', async () => {
    const style = await createStyle(1)
    const line = messageView.line!(message, {...terminal, style})
    expect(line).toContain(`${style.author('ada')}: hello`)
    expect(style.author('ada')).toContain('\x1b[')
  })

  it('are one line of three fields in a pipe', () => {
    const line = messageView.line!({...message, username: 'a\tb', content: 'x\ny\tz'}, pipe)
    expect(line).toBe(`${at}\ta⇥b\tx⏎y⇥z`)
    expect(messageView.line!({id: 1, content: ''}, pipe)).toBe('\tunknown\t')
  })
})

describe('users, conversations and files', () => {
  it.each<[string, string, string]>([
    [
      'userView',
      'ID  USERNAME  ROLE   EMAIL\n7   ada       admin  ada@example.org\n',
      '7\tada\tadmin\tada@example.org\n',
    ],
    [
      'conversationView',
      'ID  WITH  UNREAD  STATE    ACTIVE     LAST\n9   ada   2       blocked  3 min ago  hi there\n',
      '9\tada\t2\tblocked\t2026-03-01T11:57:00Z\thi there\n',
    ],
    [
      'uploadedFileView',
      'FILE_ID  FILENAME  SIZE     URL\n5        log.txt   1.5 KiB  /files/5\n',
      '5\tlog.txt\t1536\t/files/5\n',
    ],
  ])('%s', async (name, atTerminal, inPipe) => {
    const render = {
      userView: (context: typeof pipe) => renderTable(userView.columns, [user], context),
      conversationView: (context: typeof pipe) =>
        renderTable(conversationView.columns, [conversation], context),
      uploadedFileView: (context: typeof pipe) => renderTable(uploadedFileView.columns, [file], context),
    }[name]!
    expect(await render(terminal)).toBe(atTerminal)
    expect(await render(pipe)).toBe(inPipe)
  })
})

/** A record with hostile text in each field that holds text, as a view shows it in every way. */
async function everyRendering<T>(view: View<T>, record: T) {
  const coloured = {...terminal, width: 1000, style: await createStyle(3)}
  const texts = []
  for (const context of [pipe, {...terminal, width: 1000}, coloured]) {
    texts.push(await renderTable(view.columns, [record], context))
    texts.push(renderDetails(view.fields ?? view.columns, record, context))
    if (view.line) texts.push(view.line(record, context))
  }
  return texts
}

describe('hostile text', () => {
  const hostileUser = {id: 1, username: HOSTILE, role: HOSTILE, email: HOSTILE}
  it.each([
    [
      'room',
      () => everyRendering(roomView, {...room, name: HOSTILE, description: HOSTILE, created_at: HOSTILE}),
    ],
    [
      'message',
      () => everyRendering(messageView, {id: 1, username: HOSTILE, content: HOSTILE, created_at: HOSTILE}),
    ],
    ['user', () => everyRendering(userView, hostileUser)],
    ['conversation', () => everyRendering(conversationView, {conversation_id: 1, other_user: hostileUser})],
    ['file', () => everyRendering(uploadedFileView, {...file, filename: HOSTILE, url: HOSTILE})],
  ])('is harmless in each rendering of a %s', async (_what, renderAll) => {
    const texts = await renderAll()
    expect(texts.length).toBeGreaterThanOrEqual(6)
    for (const text of texts) {
      expect(text).not.toMatch(DANGEROUS)
      expect(text).toContain('evil\\u{202e}')
    }
  })

  it('is one line where one is due', async () => {
    expect(await renderTable(userView.columns, [hostileUser], pipe)).toBe(
      `1\t${SAFE_LINE}\t${SAFE_LINE}\t${SAFE_LINE}\n`,
    )
  })
})

describe('colour', () => {
  it('sets off a private room and a blocked conversation', async () => {
    const style = await createStyle(1)
    const rooms = await renderTable(roomView.columns, [{...room, is_public: false}], {...terminal, style})
    expect(rooms).toContain(style.yellow('private'))
    const conversations = await renderTable(conversationView.columns, [conversation], {...terminal, style})
    expect(conversations).toContain(style.red('blocked'))
  })
})
