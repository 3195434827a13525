import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {keyedClientId, randomClientId} from '../../../src/lib/delivery/client-id.js'
import {deliverKeyed, upsert} from '../../../src/lib/delivery/deliver-keyed.js'
import {type Ledger, openLedger} from '../../../src/lib/delivery/ledger.js'
import type {Outgoing} from '../../../src/lib/delivery/types.js'
import {ModelServer} from './model-server.js'

const place = {kind: 'room', id: 1} as const
const outgoing: Outgoing = {place, content: 'hello', clientId: keyedClientId(place, 'deploy-42')}
const SERVER = 'http://chat.example'
const DAY_MS = 86_400_000

let folder: string
let ledger: Ledger

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veza-ledger-'))
  ledger = await openLedger(join(folder, 'state', 'sent.db'), {server: SERVER, account: 'user 7', nowMs: 0})
})

afterEach(async () => {
  ledger.close()
  await rm(folder, {recursive: true, force: true})
})

function optionsFor(server: ModelServer, {hasState}: {hasState: boolean}) {
  const state = hasState
    ? {ledger, lockPath: join(folder, 'key.lock')}
    : {ledger: undefined, lockPath: undefined}
  return {port: server, retries: 3, effects: server.effects, signal: new AbortController().signal, ...state}
}

function send(server: ModelServer, about = {hasState: true}) {
  return deliverKeyed(outgoing, optionsFor(server, about))
}

describe('client ids', () => {
  it('are the same for a key and a place, and tell nothing of the key', () => {
    expect(keyedClientId(place, 'k')).toBe(keyedClientId({kind: 'room', id: 1}, 'k'))
    expect(keyedClientId(place, 'k')).not.toBe(keyedClientId({kind: 'dm', id: 1}, 'k'))
    expect(keyedClientId(place, 'secret')).not.toContain('secret')
    expect(randomClientId()).not.toBe(randomClientId())
  })
})

describe('deliverKeyed', () => {
  it('sends under a key once: the second run asks nobody', async () => {
    const server = new ModelServer()
    await expect(send(server)).resolves.toMatchObject({outcome: 'created', message: {id: 1}})
    const looks = server.looks
    await expect(send(server)).resolves.toEqual({
      outcome: 'duplicate',
      clientId: outgoing.clientId,
      messageId: 1,
    })
    expect([server.sends, server.looks]).toEqual([1, looks])
  })

  it('finds what another machine has sent, without a ledger of its own', async () => {
    const server = new ModelServer()
    await send(server, {hasState: false})
    await expect(send(server, {hasState: false})).resolves.toMatchObject({
      outcome: 'duplicate',
      message: {id: 1},
    })
    expect(server.sends).toBe(1)
  })

  it('looks for what a killed run may have sent, however old', async () => {
    const server = new ModelServer()
    ledger.begin(outgoing.clientId, server.nowMs)
    server.store(outgoing)
    server.nowMs += 20 * DAY_MS
    for (let i = 0; i < 1_500; i++) server.store({content: 'noise', clientId: `n${i}`}, 8)
    await expect(send(server)).resolves.toMatchObject({outcome: 'duplicate', message: {id: 1}})
  })

  it('sends after a run that failed for certain', async () => {
    const server = new ModelServer({sends: ['refused']})
    await expect(send(server)).rejects.toMatchObject({code: 'refused'})
    await expect(send(server)).resolves.toMatchObject({outcome: 'created'})
  })

  it('is not kept from sending by another member who uses the same client id', async () => {
    const server = new ModelServer()
    server.store(outgoing, 8)
    await expect(send(server)).resolves.toMatchObject({outcome: 'created', message: {id: 2}})
  })

  it('never takes the same words of last week for the message', async () => {
    const server = new ModelServer({keepsMetadata: false})
    server.store({content: 'hello', clientId: 'other'})
    await expect(send(server)).resolves.toMatchObject({outcome: 'created', message: {id: 2}})
  })

  it('lets only one of several runs at once send', async () => {
    const server = new ModelServer()
    const outcomes = await Promise.all([send(server), send(server), send(server)])
    expect(outcomes.map(({outcome}) => outcome).sort()).toEqual(['created', 'duplicate', 'duplicate'])
    expect(server.messages).toHaveLength(1)
  })
})

describe('deliverKeyed, for the one answer to a message', () => {
  const asked = {content: 'the time?', clientId: 'asked'}

  async function answered(server: ModelServer, content: string, more: Partial<Outgoing> = {}) {
    const answersMs = Date.parse(server.messages[0]?.created_at ?? '')
    const answer = {...outgoing, content, parentId: 1, ...more}
    return deliverKeyed(answer, {...optionsFor(server, {hasState: false}), answersMs})
  }

  it('reads no further back than to what it answers', async () => {
    const server = new ModelServer()
    for (let i = 0; i < 500; i++) server.store({content: 'noise', clientId: `n${i}`}, 8)
    server.nowMs += 1000
    const {id} = server.store(asked, 8)
    const options = {...optionsFor(server, {hasState: false}), answersMs: server.nowMs}
    await deliverKeyed({...outgoing, parentId: id}, options)
    expect(server.looks).toBe(1)
  })

  it('finds an earlier one, where the server keeps no metadata too, whatever it said', async () => {
    for (const keepsMetadata of [true, false]) {
      const server = new ModelServer({keepsMetadata})
      server.store(asked, 8)
      await expect(answered(server, '12:00')).resolves.toMatchObject({outcome: 'created', message: {id: 2}})
      server.nowMs += 60_000
      await expect(answered(server, '12:01')).resolves.toMatchObject({outcome: 'duplicate', message: {id: 2}})
    }
  })

  it('takes no other answer for it: not where metadata tells, not of others, not to others', async () => {
    const kept = new ModelServer()
    kept.store(asked, 8)
    kept.store({content: 'on my way', clientId: 'by hand', parentId: 1})
    await expect(answered(kept, '12:00')).resolves.toMatchObject({outcome: 'created'})
    const bare = new ModelServer({keepsMetadata: false})
    bare.store(asked, 8)
    bare.store({content: 'me too', clientId: 'x', parentId: 1}, 8)
    bare.store({content: '12:00', clientId: 'y', parentId: 2})
    await expect(answered(bare, '12:00')).resolves.toMatchObject({outcome: 'created'})
  })
})

describe('upsert', () => {
  const board = (content: string, server: ModelServer, hasState = true) =>
    upsert({...outgoing, content}, optionsFor(server, {hasState}))

  it('keeps one message current', async () => {
    const server = new ModelServer()
    await expect(board('1 of 3', server)).resolves.toMatchObject({outcome: 'created'})
    await expect(board('2 of 3', server)).resolves.toMatchObject({outcome: 'updated', message: {id: 1}})
    await expect(board('3 of 3', server, false)).resolves.toMatchObject({outcome: 'updated'})
    expect(server.messages.map(({content}) => content)).toEqual(['3 of 3'])
  })

  it('updates a message that lies further back than it looks, where the server drops the repeat', async () => {
    const server = new ModelServer({dropsRepeats: true})
    await board('1 of 2', server)
    server.nowMs += DAY_MS
    for (let i = 0; i < 1_500; i++) server.store({content: 'noise', clientId: `n${i}`}, 8)
    await expect(board('2 of 2', server, false)).resolves.toMatchObject({
      outcome: 'updated',
      message: {id: 1},
    })
    expect(server.messages[0]?.content).toBe('2 of 2')
  })

  it('sends anew what somebody has deleted', async () => {
    const server = new ModelServer()
    await board('1 of 3', server)
    server.messages.length = 0
    await expect(board('2 of 3', server)).resolves.toMatchObject({outcome: 'created'})
    await expect(board('3 of 3', server)).resolves.toMatchObject({outcome: 'updated'})
    expect(server.messages.map(({content}) => content)).toEqual(['3 of 3'])
  })

  it('makes one message of several runs at once', async () => {
    const server = new ModelServer()
    await Promise.all(['a', 'b', 'c'].map(content => board(content, server)))
    expect(server.messages).toHaveLength(1)
  })
})

describe('openLedger', () => {
  it('keeps what it knows over a restart, and forgets what is older than 30 days', async () => {
    const path = join(folder, 'state', 'sent.db')
    ledger.begin('old', 0)
    ledger.begin('young', DAY_MS)
    ledger.created('young', 5)
    ledger.begin('young', 2 * DAY_MS)
    const later = await openLedger(path, {server: SERVER, account: 'user 7', nowMs: 30 * DAY_MS + 1})
    expect(later.find('old')).toBeUndefined()
    expect(later.find('young')).toEqual({startedMs: DAY_MS, messageId: 5})
    const other = await openLedger(path, {server: 'http://other.example', account: 'user 7', nowMs: DAY_MS})
    expect(other.find('young')).toBeUndefined()
    other.close()
    const stranger = await openLedger(path, {server: SERVER, account: 'user 8', nowMs: DAY_MS})
    expect(stranger.find('young')).toBeUndefined()
    stranger.close()
    later.close()
  })

  it('says which file it cannot use', async () => {
    await expect(
      openLedger(join('/dev/null', 'x.db'), {server: SERVER, account: 'user 7', nowMs: 0}),
    ).rejects.toMatchObject({
      code: 'config',
    })
  })
})
