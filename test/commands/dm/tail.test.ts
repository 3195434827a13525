import {describe, expect, test} from 'vitest'
import {type Chat, DIALECTS, ESCAPE, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

const sending = (chat: Chat, to: 'alice' | 'bob', ...contents: readonly string[]) =>
  contents.reduce(
    (before, content) =>
      before.then(async () => {
        const home = to === 'alice' ? chat.bob : chat.alice
        expect((await home.run(['dm', 'send', to, content])).code).toBe(0)
      }),
    Promise.resolve(),
  )

describe.each(DIALECTS)('dm tail, %s', dialect => {
  const chat = useChat({dialect})

  test('without a user it follows conversations that begin while it runs, from their first message', async () => {
    const tail = chat.alice.start(['dm', 'tail', '--json', '--events', '--count', '2'])
    await tail.sees('stderr', 'ready: listening to 0 conversations\n')
    await sending(chat, 'alice', 'first', 'second')
    const run = await tail.ended
    const records = recordsOf(run)
    const messages = records.filter(record => !('event' in record))
    expect(messages.map(({content, username}) => [content, username])).toEqual([
      ['first', 'bob'],
      ['second', 'bob'],
    ])
    expect(messages.every(({conversation_id}) => typeof conversation_id === 'number')).toBe(true)
    expect(records.find(({event}) => event === 'ready')).toMatchObject({rooms: []})
    expect(run.code).toBe(0)
  })

  test('by name, @name and id it follows one conversation, both sides of it', async () => {
    await sending(chat, 'alice', 'for the name')
    await sending(chat, 'bob', 'and back')
    const tails = await Promise.all(
      ['bob', '@bob', '3'].map(user =>
        chat.alice.run(['dm', 'tail', user, '--last', '2', '--until', '0s', '--json']),
      ),
    )
    for (const tail of tails) {
      expect(recordsOf(tail).map(({content}) => content)).toEqual(['for the name', 'and back'])
      expect(tail.stderr).toMatch(/^ready: listening to bob\n/m)
    }
  })

  test('in a pipe all conversations name the other user', async () => {
    await sending(chat, 'alice', 'whose?')
    const run = await chat.alice.run(['dm', 'tail', '--last', '1', '--until', '0s'])
    expect(run.stdout).toMatch(/^\S+\tbob\twhose\?\t@bob\n$/)
    const live = chat.alice.start(['dm', 'tail', 'bob', '--count', '1', '--not-from-me'])
    await live.sees('stderr', 'ready: ')
    await sending(chat, 'bob', 'mine')
    await sending(chat, 'alice', 'his')
    expect((await live.ended).stdout).toMatch(/^\S+\tbob\this\n$/)
  })

  test('a person sees whose conversation it is, and colour', async () => {
    await sending(chat, 'bob', 'from me')
    const {code, screen} = await atTerminal(chat.alice, ['dm', 'tail', '--last', '1', '--count', '1'])
    const plain = screen.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]+m`, 'g'), '')
    expect(plain).toMatch(/^\d\d:\d\d:\d\d @bob alice: from me$/m)
    expect(plain).toMatch(/^ready: listening to 1 conversation$/m)
    expect(screen).toContain(ESCAPE)
    expect(code).toBe(0)
  })

  test('with a cursor nothing is missed between two runs, also not what began meanwhile', async () => {
    const args = ['dm', 'tail', '--json', '--resume', `inbox-${dialect}`, '--until', '0s']
    expect((await chat.alice.run(args)).code).toBe(0)
    await sending(chat, 'alice', 'meanwhile')
    const botToken = await chat.call('bob', 'POST', '/auth/login', {username: 'bot', password: 'bot-pass'})
    const env = {VEZA_TOKEN: String((botToken as {access_token: string}).access_token)}
    expect((await chat.bob.run(['dm', 'send', 'alice', 'new here'], {env})).code).toBe(0)
    const contents = recordsOf(await chat.alice.run(args)).map(({content}) => content)
    expect(contents.toSorted()).toEqual(['meanwhile', 'new here'])
    expect((await chat.alice.run(args)).stdout).toBe('')
  })
})

describe('dm tail, what goes wrong', () => {
  const chat = useChat()

  test.each([
    ['an unknown name', ['carol'], 7],
    ['an unknown id', ['4711'], 7],
    ['oneself', ['alice'], 3],
    ['an empty name', ['@'], 2],
    ['a room', ['bob', '--room', 'general'], 2],
    ['--count 0', ['bob', '--count', '0'], 2],
  ])('%s', async (_what, args, code) => {
    const run = await chat.alice.run(['dm', 'tail', ...args])
    expect(run).toMatchObject({code, stdout: ''})
    expect(run.stderr).toMatch(/^error: [^\n]+\n(hint: [^\n]+\n)?$/)
  })
})
