import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, signIn, useChat} from '../../support/chat.js'
import {enveloped, httpStub} from '../../support/http-stub.js'
import {atTerminal, makeHome} from '../../support/veza.js'

describe.each(DIALECTS)('admin stats, %s', dialect => {
  const chat = useChat({dialect})
  const asAdmin = async () => ({env: {VEZA_TOKEN: await signIn(chat.url, 'admin')}})

  test('what the server tells, exact in JSON', async () => {
    await chat.post(1, ['one', 'two'])
    const stats = documentOf(await chat.alice.run(['admin', 'stats', '--json'], await asAdmin()))
    expect(stats).toMatchObject({total_users: 4, total_rooms: 1, total_messages: 2})
    expect(stats.messages_by_hour).toHaveLength(24)
    expect(stats.busiest_rooms).toEqual([{name: 'general', message_count: 2}])
  })

  test('a pipe gets each number under its path', async () => {
    const {stdout} = await chat.alice.run(['admin', 'stats'], await asAdmin())
    expect(stdout).toMatch(/^total_users:\t4\n/)
    expect(stdout).toMatch(/\nmessages_by_hour\.23\.message_count:\t\d+\n/)
    expect(stdout).toMatch(/\nbusiest_rooms\.0\.name:\tgeneral\n/)
  })

  test('a person gets the hours in a row', async () => {
    await chat.post(1, ['three'])
    const {screen} = await atTerminal(chat.alice, ['admin', 'stats'], await asAdmin())
    expect(screen).toMatch(
      /messages_by_hour:\S* +[▁▂▃▄▅▆▇█]{24}\n +\d{4}-\d\d-\d\d \d\d:00 to .*, most \d+ at /,
    )
    expect(screen).not.toContain('messages_by_hour.')
  })

  test('is for admins', async () => {
    const run = await chat.alice.run(['admin', 'stats'])
    expect(run).toMatchObject({code: 9, stdout: ''})
    expect(run.stderr).toMatch(/^error: Only admins may do this \(HTTP 403/)
  })
})

describe('admin stats, of another server', () => {
  const home = (origin: string) => makeHome({VEZA_SERVER: origin, VEZA_TOKEN: 'token'})

  test('names and texts move no cursor', async () => {
    await using stub = await httpStub(
      enveloped({
        '\u001b[2J': 1,
        inner: {'\u202ex': 'a\u0007\nb'},
        rooms: [
          {name: '\u001b]0;x\u0007evil\u202e', count: 2},
          {name: 'b', count: 1},
        ],
      }),
    )
    const {screen} = await atTerminal(home(stub.origin), ['admin', 'stats', '--no-color'])
    expect(screen).not.toMatch(/[\u001b\u0007\u202e]/)
    expect(screen).toContain('evil\\u{202e}  2')
  })

  test('nothing is said to be nothing; a list is not the protocol', async () => {
    await using empty = await httpStub(enveloped({}))
    expect(await home(empty.origin).run(['admin', 'stats'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'the server told nothing\n',
    })
    await using list = await httpStub(enveloped([1]))
    expect((await home(list.origin).run(['admin', 'stats'])).code).toBe(6)
  })
})
