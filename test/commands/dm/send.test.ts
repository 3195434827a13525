import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {
  type Chat,
  DIALECTS,
  documentOf,
  ESCAPE,
  errorOf,
  type Fields,
  RFC_3339,
  rowsOf,
  useChat,
} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

/** Ids of bob's conversations, and what is in the first one, oldest first. */
async function conversationsOf(
  chat: Chat,
): Promise<{ids: unknown[]; contents: unknown[]; rows: readonly Fields[]}> {
  const list = rowsOf(await chat.call('bob', 'GET', '/conversations'), 'conversations')
  const ids = list.map(row => row.conversation_id ?? row.id)
  if (ids.length === 0) return {ids, contents: [], rows: []}
  const rows = rowsOf(
    await chat.call('bob', 'GET', `/conversations/${ids[0]}/messages`),
    'messages',
  ).toReversed()
  return {ids, contents: rows.map(row => row.content), rows}
}

describe.each(DIALECTS)('dm send, %s', dialect => {
  const chat = useChat({dialect})

  test('by name, @name and id it opens the conversation once and finds it again', async () => {
    for (const user of ['bob', '@bob', '3']) await chat.alice.run(['dm', 'send', user, `to ${user}`])
    const {ids, contents} = await conversationsOf(chat)
    expect(ids).toHaveLength(1)
    expect(contents).toEqual(['to bob', 'to @bob', 'to 3'])
  })

  test('a pipe gets the sent message, a field a line', async () => {
    const {code, stdout, stderr} = await chat.alice.run(['dm', 'send', 'bob', 'Well done!'])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toMatch(
      new RegExp(`^id:\t\\d+\ntime:\t${RFC_3339.source}\nauthor:\talice\nparent:\t\ncontent:\tWell done!\n$`),
    )
  })

  test('a person sees a relative time, in colour', async () => {
    const {code, screen} = await atTerminal(chat.alice, ['dm', 'send', 'bob', 'hello'])
    expect(code).toBe(0)
    expect(screen).toMatch(/time:\S* +\S*just now/)
    expect(screen).toContain(ESCAPE)
  })

  test('--reply-to names the message it answers; --json is the message', async () => {
    const parent = documentOf(await chat.bob.run(['dm', 'send', 'alice', 'a question', '--json']))
    const args = ['dm', 'send', 'bob', 'an answer', '--reply-to', `${parent.id}`, '--json']
    const answer = documentOf(await chat.alice.run(args))
    expect(answer).toMatchObject({
      content: 'an answer',
      parent_id: parent.id,
      username: 'alice',
      author_id: 2,
    })
  })
})

describe('dm send, where the text comes from', () => {
  const chat = useChat()

  test('--message, --file, --file - and stdin', async () => {
    const file = join(chat.alice.folder, 'message.txt')
    writeFileSync(file, 'by file\n')
    await chat.alice.run(['dm', 'send', 'bob', '-m', '--- by flag'])
    await chat.alice.run(['dm', 'send', 'bob', '-f', file])
    await chat.alice.run(['dm', 'send', 'bob', '--file', '-'], {stdin: 'by dash\n'})
    await chat.alice.run(['dm', 'send', 'bob'], {stdin: 'by pipe 👋\n'})
    const {contents} = await conversationsOf(chat)
    expect(contents).toEqual(['--- by flag', 'by file', 'by dash', 'by pipe 👋'])
  })
})

describe('dm send, what goes wrong', () => {
  const chat = useChat()

  test.each([
    ['nobody', [], 2, 'error: missing argument USER\nhint: see --help\n'],
    ['an unknown name', ['carol', 'hi'], 7, /^error: there is no user "carol"\n/],
    ['an unknown id', ['4711', 'hi'], 7, /^error: /],
    [
      'an id that overflows',
      ['99999999999999999999', 'hi'],
      2,
      'error: USER: no id is 0 or above 2^53 - 1\n',
    ],
    ['an empty name', ['@', 'hi'], 2, 'error: USER is empty\n'],
    ['an empty message', ['bob', ''], 2, 'error: the message is empty\n'],
    ['a message given twice', ['bob', 'one', '-m', 'two'], 2, /^error: the message is given twice\n/],
    ['an argument too many', ['bob', 'one', 'two'], 2, /^error: an argument too many\n/],
  ])('%s, and no conversation is opened', async (_what, args, code, message) => {
    const run = await chat.alice.run(['dm', 'send', ...args])
    expect(run).toMatchObject({code, stdout: ''})
    expect(run.stderr).toMatch(message)
    expect((await conversationsOf(chat)).ids).toEqual([])
  })

  test('a blocked conversation is 8', async () => {
    documentOf(await chat.alice.run(['dm', 'send', 'bob', 'hi', '--json']))
    const {ids} = await conversationsOf(chat)
    await chat.call('bob', 'POST', `/conversations/${ids[0]}/block`, {blocked: true})
    const run = await chat.alice.run(['dm', 'send', 'bob', 'hello?', '--json'])
    expect(run).toMatchObject({code: 8, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'conflict', exit_code: 8})
  })
})
