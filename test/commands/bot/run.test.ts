import {chmodSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {
  type Chat,
  DIALECTS,
  type Fields,
  RFC_3339,
  recordsOf,
  rowsOf,
  signIn,
  useChat,
} from '../../support/chat.js'
import {atTerminal, type Running} from '../../support/veza.js'

/** What is under a message in a room, once there are so many answers; the bot says it has answered before it ends. */
async function said(chat: Chat, roomId: number): Promise<Fields[]> {
  const data = await chat.call('alice', 'GET', `/rooms/${roomId}/messages?limit=100`)
  return [...rowsOf(data, 'messages')].reverse()
}

async function answersOf(chat: Chat, roomId: number, commandId: number): Promise<unknown[]> {
  const rows = await said(chat, roomId)
  return rows
    .filter(row => (row.parent_id ?? row.parent_message_id) === commandId)
    .map(({content}) => content)
}

/** The bot is alice; bob asks. Resolves when the bot has told of so many messages. */
async function told(bot: Running, count: number): Promise<void> {
  await bot.sees('stdout', new RegExp(`^(.*\n){${count}}`))
}

async function stop(bot: Running) {
  bot.child.kill('SIGTERM')
  return bot.ended
}

describe.each(DIALECTS)('bot run, %s', dialect => {
  const chat = useChat({dialect})

  test('the commands of the guide, an unknown one, and nothing else', async () => {
    const {id, name} = await chat.room()
    const bot = chat.alice.start(['bot', 'run', '--room', name, '--no-dm', '--json'])
    await bot.sees('stderr', `ready: listening to ${name}`)
    const ids = await chat.post(id, [
      '!bot help',
      '!bot ping',
      'hello',
      '!bot time',
      '!bot stats',
      '!bot what',
    ])
    await told(bot, 5)
    const run = await stop(bot)
    const answers = await Promise.all(ids.map(command => answersOf(chat, id, command)))
    expect(answers).toEqual([
      ['Commands: !bot help, !bot ping, !bot time, !bot stats'],
      ['🏓 Pong!'],
      [],
      [expect.stringMatching(/^🕐 It is \d\d:\d\d:\d\d \S+$/)],
      [expect.stringMatching(/^📊 Stats: \d+ messages received, \d+ sent, 0 reconnections$/)],
      ['Unknown command. Type `!bot help` to see the commands.'],
    ])
    expect(recordsOf(run)[1]).toEqual({
      message_id: ids[1],
      room_id: id,
      author_id: 3,
      username: 'bob',
      command: 'ping',
      result: 'answered',
      answer_id: expect.any(Number),
      took_ms: expect.any(Number),
      at: expect.any(String),
    })
    expect(run.code).toBe(143)
    expect(run.stderr).toMatch(
      /\nended: terminated; 5 messages answered; \d+\.\d s; the next run goes on from here\n/,
    )
  })

  test('its own messages are never answered, whoever sends them', async () => {
    const {id, name} = await chat.room()
    const bot = chat.alice.start(['bot', 'run', '-r', name, '--no-dm', '--json'])
    await bot.sees('stderr', 'ready: ')
    await chat.post(id, ['!bot ping'], 'alice')
    const [asked] = await chat.post(id, ['!bot ping'])
    await told(bot, 1)
    const run = await stop(bot)
    expect(recordsOf(run).map(({message_id}) => message_id)).toEqual([asked])
    expect(await said(chat, id)).toHaveLength(3)
  })

  test('what comes while it is away is answered by the next run, each once', async () => {
    const {id, name} = await chat.room()
    const args = ['bot', 'run', '--room', name, '--no-dm', '--json', '--resume', `away-${name}`]
    const first = chat.alice.start(args)
    await first.sees('stderr', 'ready: ')
    const before = await chat.post(id, ['!bot ping'])
    await told(first, 1)
    await stop(first)
    const between = await chat.post(id, ['!bot ping', '!bot ping'])
    const second = chat.alice.start(args)
    await told(second, 2)
    const run = await stop(second)
    expect(recordsOf(run).map(({message_id}) => message_id)).toEqual(between)
    for (const command of [...before, ...between])
      expect(await answersOf(chat, id, command)).toEqual(['🏓 Pong!'])
  })

  test('each direct message is answered, in French where it is asked for, up to the cap', async () => {
    const {conversation_id, id: plainId} = (await chat.call('bob', 'POST', '/conversations', {
      user_id: 2,
    })) as Fields
    const path = `/conversations/${conversation_id ?? plainId}/messages`
    const bot = chat.alice.start(['bot', 'run', '--language', 'fr', '--dm-cap', '2/1h', '--json'])
    await bot.sees('stderr', 'ready: ')
    for (const content of ['salut', '!bot what', 'encore']) await chat.call('bob', 'POST', path, {content})
    await told(bot, 3)
    const run = await stop(bot)
    expect(recordsOf(run).map(({command, result}) => [command, result])).toEqual([
      [null, 'answered'],
      ['what', 'answered'],
      [null, 'capped'],
    ])
    const rows = [...rowsOf(await chat.call('bob', 'GET', path), 'messages')].map(({content}) => content)
    expect(rows).toContain('Salut bob! J\'ai reçu ton message: "salut". Je suis un bot automatique.')
    expect(rows).toContain('Commande inconnue. Tapez `!bot help` pour voir les commandes disponibles.')
    expect(rows).toHaveLength(5)
    expect(run.stderr).toContain('warning: bob writes too often')
  })

  test('commands of its own: a reply, a program, a module; who may, and how often', async () => {
    const {id, name} = await chat.room()
    const folder = chat.alice.folder
    const file = join(folder, `${name}.yml`)
    writeFileSync(
      file,
      `commands:
  hi: {summary: Says hello, reply: "hello {{user}}, {{args}}"}
  words: {run: [./words.sh, "<{{1}}>", "{{*}}"]}
  owners: {reply: secret, allow: {roles: [owner]}}
  bobs: {reply: for bob, allow: {users: [bob]}}
  once: {reply: done, rate: 1/1h}
  joke: {module: ./joke.mjs}
`,
    )
    writeFileSync(join(folder, 'words.sh'), '#!/bin/sh\nprintf "%s|" "$@"\n')
    chmodSync(join(folder, 'words.sh'), 0o755)
    const joke = "({user, args, place}) => [user.username, args.length, place.name].join(' ')"
    writeFileSync(join(folder, 'joke.mjs'), `export default async ${joke}\n`)
    const bot = chat.alice.start(['bot', 'run', '-r', name, '--no-dm', '--json', '--commands', file])
    await bot.sees('stderr', 'ready: ')
    const commands = ['hi  a "b"', 'words "$(id)" `x`', 'owners', 'bobs', 'once', 'once', 'once', 'JOKE a b']
    const ids = await chat.post(
      id,
      commands.map(command => `!bot ${command}`),
    )
    await told(bot, 8)
    const run = await stop(bot)
    expect(await Promise.all(ids.map(command => answersOf(chat, id, command)))).toEqual([
      ['hello bob, a "b"'],
      ['<$(id)>|$(id)|`x`|'],
      ['You may not use `!bot owners`.'],
      ['for bob'],
      ['done'],
      [expect.stringMatching(/^Too often: `!bot once` can be used again in \d{4} s\.$/)],
      [],
      [`bob 2 ${name}`],
    ])
    expect(recordsOf(run)[6]).toMatchObject({command: 'once', result: 'capped'})
  })

  test('roles of the server: the owner may, an admin may, others may not; in a conversation nobody is owner', async () => {
    const {id, name} = await chat.room()
    const file = join(chat.bob.folder, `roles-${name}.yml`)
    writeFileSync(
      file,
      `commands:
  owners: {reply: for owners, allow: {roles: [owner]}}
  members: {reply: for members, allow: {roles: [member]}}
`,
    )
    const args = ['bot', 'run', '-r', name, '--json', '--commands', file, '--resume', `roles-${name}`]
    const bot = chat.bob.start(args)
    await bot.sees('stderr', 'ready: ')
    const ids = await chat.post(id, ['!bot owners', '!bot members'], 'alice')
    const talk = (await chat.call('alice', 'POST', '/conversations', {user_id: 3})) as Fields
    const path = `/conversations/${talk.conversation_id ?? talk.id}/messages`
    await chat.call('alice', 'POST', path, {content: '!bot owners'})
    await told(bot, 3)
    await stop(bot)
    expect(await answersOf(chat, id, ids[0]!)).toEqual(['for owners'])
    expect(await answersOf(chat, id, ids[1]!)).toEqual(['for members'])
    const [answer] = rowsOf(await chat.call('alice', 'GET', path), 'messages')
    expect(answer!.content).toBe('You may not use `!bot owners`.')
  })

  test('a conversation that begins while it runs is answered from its first message', async () => {
    const admin = await signIn(chat.url, 'admin')
    const bot = chat.alice.start(['bot', 'run', '--json', '--resume', 'begins'])
    await bot.sees('stderr', 'ready: ')
    const url = `${chat.url}/api/v1/conversations`
    const headers = {authorization: `Bearer ${admin}`, 'content-type': 'application/json'}
    const post = async (path: string, body: object): Promise<Fields> => {
      const response = await fetch(`${url}${path}`, {method: 'POST', headers, body: JSON.stringify(body)})
      const answer = (await response.json()) as Fields
      return (answer.data ?? answer) as Fields
    }
    const talk = await post('', {user_id: 2})
    await post(`/${talk.conversation_id ?? talk.id}/messages`, {content: '!bot ping'})
    await told(bot, 1)
    expect(recordsOf(await stop(bot))).toEqual([
      expect.objectContaining({username: 'admin', command: 'ping', result: 'answered'}),
    ])
  })

  test('at a terminal, and in a pipe without --json', async () => {
    const {id, name} = await chat.room()
    const args = ['bot', 'run', '-r', name, '--no-dm', '--resume', `pipe-${name}`]
    const bot = chat.alice.start(args)
    await bot.sees('stderr', 'ready: ')
    const [command] = await chat.post(id, ['!bot ping'])
    await told(bot, 1)
    const run = await stop(bot)
    expect(run.stdout).toMatch(new RegExp(`^${RFC_3339.source}\tbob\tping\tanswered\t${command}\t\\d+\n$`))
    await chat.post(id, ['!bot \u001b[31mred'])
    const typing = [{prompt: 'answered', typed: '\u0003'}]
    const {code, screen} = await atTerminal(chat.alice, args, {typing})
    expect(code).toBe(130)
    expect(screen).toMatch(/\d\d:\d\d:\d\d\S* bob red answered\n/)
    expect(screen).toMatch(/ended: interrupted; 1 message answered; /)
  })
})
