import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, type Fields, useChat} from '../../support/chat.js'
import {atTerminal, makeHome} from '../../support/veza.js'

const EMOJI = ['👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', '100%', 'a/b', '?x=1&y#z', '😀'.repeat(20)]

describe.each(DIALECTS)('messages react, unreact and reactions, %s', dialect => {
  const chat = useChat({dialect})
  const reactionsTo = async (message: number | undefined) =>
    documentOf<Fields[]>(await chat.bob.run(['messages', 'reactions', `${message}`, '--json']))
  const posted = async () => (await chat.post((await chat.room()).id, ['react to this']))[0]

  test.each(EMOJI)('%s goes there, is seen, and is taken back', async emoji => {
    const message = await posted()
    const react = await chat.alice.run(['messages', 'react', `${message}`, emoji, '--json'])
    expect(react.stderr).toBe(`reacted to message ${message} with ${cleaned(emoji)}\n`)
    expect(documentOf(react)).toEqual({message_id: message, emoji, reacted: true})
    expect(await reactionsTo(message)).toEqual([{emoji, count: 1, users: [{id: 2, username: 'alice'}]}])
    const unreact = await chat.alice.run(['messages', 'unreact', `${message}`, emoji, '--json'])
    expect(documentOf(unreact)).toEqual({message_id: message, emoji, reacted: false})
    expect(await reactionsTo(message)).toEqual([])
  })

  test('the same once more changes nothing; what others did stays', async () => {
    const message = await posted()
    for (const home of [chat.alice, chat.alice, chat.bob]) {
      const run = await home.run(['messages', 'react', `#${message}`, '🎉'])
      expect(run).toEqual({code: 0, stdout: '', stderr: `reacted to message ${message} with 🎉\n`})
    }
    expect(await reactionsTo(message)).toMatchObject([{emoji: '🎉', count: 2}])
    await chat.alice.run(['messages', 'unreact', `${message}`, '🎉'])
    expect(await reactionsTo(message)).toMatchObject([{emoji: '🎉', count: 1, users: [{username: 'bob'}]}])
    const gone = await chat.alice.run(['messages', 'unreact', `${message}`, '🎉', '--json'])
    expect(gone).toMatchObject({code: 7, stdout: ''})
    expect(errorOf(gone)).toMatchObject({code: 'not_found'})
  })

  test('a pipe gets a line an emoji, a person a table', async () => {
    const message = await posted()
    await chat.alice.run(['messages', 'react', `${message}`, '👍'])
    await chat.bob.run(['messages', 'react', `${message}`, '👍'])
    await chat.bob.run(['messages', 'react', `${message}`, 'x\u001b[31m\ty'])
    const {stdout} = await chat.bob.run(['messages', 'reactions', `${message}`])
    expect(stdout).toBe('👍\t2\talice, bob\nx⇥y\t1\tbob\n')
    const {screen} = await atTerminal(chat.bob, ['messages', 'reactions', `${message}`])
    expect(screen).toMatch(/EMOJI\S* +\S*COUNT\S* +\S*USERS/)
    expect(screen).toMatch(/👍 +2 +alice, bob\n/)
  })

  test('none are told, and are no failure', async () => {
    const run = await chat.bob.run(['messages', 'reactions', `${await posted()}`])
    expect(run).toEqual({code: 0, stdout: '', stderr: 'no reactions\n'})
  })

  test('a dot-dot never reaches the server, which would take it for the message', async () => {
    const message = await posted()
    for (const emoji of ['..', '.', '', '  ']) {
      const run = await chat.bob.run(['messages', 'unreact', `${message}`, emoji])
      expect(run).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/^error: EMOJI [^\n]+\n$/),
      })
    }
    expect(await reactionsTo(message)).toEqual([])
  })

  test('direct messages take reactions, too', async () => {
    const {conversation_id, id = conversation_id} = (await chat.call('alice', 'POST', '/conversations', {
      user_id: 3,
    })) as Fields
    const sent = (await chat.call('bob', 'POST', `/conversations/${id}/messages`, {content: 'hi'})) as Fields
    await chat.alice.run(['messages', 'react', `${sent.id}`, '👋'])
    expect(await reactionsTo(sent.id as number)).toMatchObject([{emoji: '👋', users: [{username: 'alice'}]}])
  })

  test('what the server refuses keeps its exit code', async () => {
    const message = await posted()
    const codes = [
      (await chat.bob.run(['messages', 'react', `${message}`, '😀'.repeat(21)])).code,
      (await chat.bob.run(['messages', 'react', '999999', '👍'])).code,
      (await chat.bob.run(['messages', 'reactions', '999999'])).code,
    ]
    expect(codes).toEqual([3, 7, 7])
  })
})

test.each([['react', '1'], ['react'], ['reactions'], ['reactions', 'x']])(
  'messages %s %s is a usage error',
  async (...args) => {
    const run = await makeHome({VEZA_TOKEN: 'x'}).run(['messages', ...args])
    expect(run).toMatchObject({code: 2, stdout: ''})
  },
)

/** What a notice shows of it: the tags of a flag are invisible, and could carry anything. */
function cleaned(emoji: string): string {
  return emoji.replace(/[\u{e0000}-\u{e007f}]/gu, tag => `\\u{${tag.codePointAt(0)?.toString(16)}}`)
}
