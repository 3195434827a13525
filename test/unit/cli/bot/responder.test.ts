import {describe, expect, test} from 'vitest'
import {decide} from '../../../../src/lib/bot/decide.js'
import type {OwnCommand} from '../../../../src/lib/bot/own-command.js'
import {PHRASES} from '../../../../src/lib/bot/phrases.js'
import {Responder} from '../../../../src/lib/cli/bot/responder.js'
import type {Roles} from '../../../../src/lib/cli/bot/roles.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

const ROOM = {kind: 'room', id: 1} as const
const DM = {kind: 'dm', id: 1} as const
const START_MS = Date.parse('2026-11-22T12:00:00Z')

function replying(name: string, template: string, more: Partial<OwnCommand> = {}): OwnCommand {
  return {name, action: {type: 'reply', template}, ...more}
}

function rig({roles, dmCap = {amount: 2, perMs: 60_000}}: {roles?: object; dmCap?: object} = {}) {
  const warnings: string[] = []
  const commands = new Map(
    [
      replying('hi', 'hello {{user}} in {{room}}'),
      replying('often', 'ok', {rate: {amount: 1, perMs: 60_000}}),
      replying('owners', 'secret', {allow: {roles: ['owner'], users: []}}),
      replying('empty', '{{args}}'),
      replying('long', 'x'.repeat(3000)),
    ].map(command => [command.name, command]),
  )
  const responder = new Responder({
    prefix: '!bot',
    phrases: PHRASES.en,
    dmCap: dmCap as {amount: number; perMs: number},
    commands: () => commands,
    stats: () => ({received: 1, sent: 0, reconnects: 0}),
    roles: {of: () => roles ?? {room: async () => 'member', isAdmin: async () => false}} as unknown as Roles,
    nameOf: ({kind}) => (kind === 'room' ? 'general' : 'bob'),
    variables: {},
    now: () => new Date(START_MS),
    persist: work => work(),
    generation: () => 1,
    sleep: () => Promise.reject(new Error('slept')),
    signal: new AbortController().signal,
    running: {add: () => undefined, delete: () => undefined, release: () => undefined},
    warn: text => warnings.push(text),
  })
  const rules = {botId: 4, prefix: '!bot', commands, oldestMs: 0}
  const ask = (
    content: string,
    {channel = ROOM as typeof ROOM | typeof DM, author = 3, afterMs = 0, isReply = false} = {},
  ) => {
    const created_at = new Date(START_MS + afterMs).toISOString()
    const message = {id: 9, author_id: author, username: `user${author}`, content, created_at}
    const decision = decide(message, channel, rules)
    if (decision.type === 'ignore' || decision.type === 'old') throw new Error('nothing to answer')
    return responder.reply({message, channel, decision, isReply})
  }
  return {ask, warnings}
}

const text = (said: unknown) => ({type: 'text', text: said})

describe('Responder', () => {
  test('what the bot says by itself', async () => {
    const {ask} = rig()
    expect(await ask('!bot ping')).toEqual(text('🏓 Pong!'))
    expect(await ask('!bot nope')).toEqual(text('Unknown command. Type `!bot help` to see the commands.'))
    expect(await ask('hey  you', {channel: DM})).toEqual(
      text('Hello user3! I have got your message: "hey you". I am a bot.'),
    )
    expect(await ask('!bot help')).toEqual(text(expect.stringMatching(/^Commands: .*\n!bot hi\n/)))
  })

  test('a reply; nothing to say is no message, too much is cut', async () => {
    const {ask} = rig()
    expect(await ask('!bot hi')).toEqual(text('hello user3 in general'))
    expect(await ask('!bot hi', {channel: DM})).toEqual(text('hello user3 in'))
    expect(await ask('!bot empty')).toEqual({type: 'silent'})
    expect(await ask('!bot long')).toEqual(text(expect.stringMatching(/^x{1993}… \(cut\)$/)))
  })

  test('each user has a rate of his own; who goes on is told once', async () => {
    const {ask} = rig()
    expect(await ask('!bot often')).toEqual(text('ok'))
    expect(await ask('!bot often', {author: 5})).toEqual(text('ok'))
    const often = 'Too often: `!bot often` can be used again in 30 s.'
    expect(await ask('!bot often', {afterMs: 30_000})).toEqual(text(often))
    expect(await ask('!bot often', {afterMs: 31_000})).toEqual({type: 'capped'})
    expect(await ask('!bot often', {afterMs: 60_000})).toEqual(text('ok'))
  })

  test('a peer that answers each answer is not answered for ever, and others are', async () => {
    const {ask, warnings} = rig()
    const one = (afterMs: number) => ask('hello', {channel: DM, afterMs})
    expect((await one(0)).type).toBe('text')
    expect((await one(1)).type).toBe('text')
    expect((await one(2)).type).toBe('capped')
    expect((await one(3)).type).toBe('capped')
    expect(warnings).toEqual(['user3 writes too often: some of these direct messages get no answer'])
    expect((await ask('!bot ping', {afterMs: 4})).type).toBe('text')
    expect((await one(60_004)).type).toBe('text')
  })

  test('a bot that replies to each reply in a room is not answered for ever, and who asks anew is', async () => {
    const {ask, warnings} = rig()
    const kinds: string[] = []
    for (let afterMs = 0; afterMs < 3; afterMs++)
      kinds.push((await ask('!bot ping', {isReply: true, afterMs})).type)
    expect(kinds).toEqual(['text', 'text', 'capped'])
    expect(warnings).toEqual(['user3 writes too often: some of these replies to the bot get no answer'])
    expect((await ask('!bot ping', {afterMs: 3})).type).toBe('text')
    expect((await ask('!bot ping', {isReply: true, author: 5, afterMs: 3})).type).toBe('text')
  })

  test('who may not is told so, also where that cannot be found out', async () => {
    expect(await rig().ask('!bot owners')).toEqual(text('You may not use `!bot owners`.'))
    const hidden = {room: () => Promise.reject(new VezaError('forbidden', 'not for you'))}
    const {ask, warnings} = rig({roles: hidden})
    expect(await ask('!bot owners')).toEqual(text('You may not use `!bot owners`.'))
    expect(warnings).toEqual(['the roles of user3 cannot be found out (not for you): owners is refused'])
    const broken = {room: () => Promise.reject(new VezaError('server_error', 'broken', {status: 500}))}
    expect(await rig({roles: broken}).ask('!bot owners')).toEqual(text('You may not use `!bot owners`.'))
    const down = {room: () => Promise.reject(new VezaError('signed_out', 'over'))}
    await expect(rig({roles: down}).ask('!bot owners')).rejects.toMatchObject({code: 'signed_out'})
  })
})
