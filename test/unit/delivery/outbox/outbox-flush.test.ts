import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {Outbox} from '../../../../src/lib/delivery/outbox/outbox.js'
import {type FlushOptions, flushOutbox} from '../../../../src/lib/delivery/outbox/outbox-flush.js'
import {sendQueued} from '../../../../src/lib/delivery/outbox/outbox-send.js'
import type {OutboxEntry, Target} from '../../../../src/lib/delivery/outbox/outbox-types.js'
import type {Receipt} from '../../../../src/lib/delivery/types.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import type {Channel} from '../../../../src/lib/realtime/channel.js'
import {ModelServer} from '../model-server.js'

const ROOMS: Readonly<Record<string, number>> = {general: 1, builds: 2}
const refusal = new VezaError('forbidden', 'not a member', {status: 403})
const outage = new VezaError('server_error', 'bad gateway')
const noRoute = new VezaError('unreachable', 'no route')

let folder: string
let outbox: Outbox

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'veza-flush-'))
  outbox = await Outbox.open(join(folder, 'outbox.db'), 'http://chat.example')
})

afterEach(() => {
  outbox.close()
  rmSync(folder, {recursive: true, force: true})
})

function put(content: string, target: Target = {kind: 'room', id: 1}): number {
  return outbox.add({owner: {userId: 7}, target, message: {content, clientId: `id-${content}`}, createdMs: 0})
}

interface World extends Partial<FlushOptions> {
  /** What sending this text throws. */
  readonly failures?: Readonly<Record<string, Error>>
  readonly sent?: string[]
}

async function flush({failures = {}, sent = [], ...more}: World = {}) {
  const outcomes: string[] = []
  const options: FlushOptions = {
    outbox,
    takes: ({refused}) => !refused,
    resolve: async target => placeOf(target),
    send: async ({message: {content, clientId = ''}}): Promise<Receipt> => {
      const failure = failures[content]
      if (failure !== undefined) throw failure
      sent.push(content)
      return {outcome: 'created', clientId}
    },
    now: () => 5_000,
    signal: new AbortController().signal,
    ...more,
  }
  for await (const {entry, outcome} of flushOutbox(options))
    outcomes.push(`${entry.message.content} ${outcome}`)
  return outcomes
}

function placeOf(target: Target): Channel {
  const id = 'id' in target ? target.id : ROOMS[target.name]
  if (id === undefined) throw new VezaError('not_found', 'no such room')
  return {kind: target.kind, id}
}

const waiting = (): string[] => outbox.list().map(({message}) => message.content)

describe('flushOutbox', () => {
  it('sends oldest first and takes out what is sent', async () => {
    for (const content of ['a', 'b', 'c']) put(content)
    const sent: string[] = []
    await expect(flush({sent})).resolves.toEqual(['a created', 'b created', 'c created'])
    expect([sent, waiting()]).toEqual([['a', 'b', 'c'], []])
  })

  it('holds back what comes after one that cannot be sent, in its place only', async () => {
    put('a')
    put('b', {kind: 'room', id: 2})
    put('c', {kind: 'room', name: 'general'})
    put('d', {kind: 'dm', id: 1})
    await expect(flush({failures: {a: outage}})).resolves.toEqual([
      'a waiting',
      'b created',
      'c held',
      'd created',
    ])
    expect(outbox.list()).toMatchObject([
      {tries: 1, fault: {code: 'server_error', message: 'bad gateway'}},
      {message: {content: 'c'}, tries: 0},
    ])
    await expect(flush()).resolves.toEqual(['a created', 'c created'])
  })

  it('marks what the server refuses, goes on behind it, and does not try it again unasked', async () => {
    put('a')
    put('b')
    await expect(flush({failures: {a: refusal}})).resolves.toEqual(['a refused', 'b created'])
    await expect(flush()).resolves.toEqual([])
    expect(outbox.list()).toMatchObject([{refused: true, fault: {code: 'forbidden'}}])
    await expect(flush({takes: () => true})).resolves.toEqual(['a created'])
  })

  it('takes a name for any place of its kind, as long as it cannot be found', async () => {
    put('a', {kind: 'room', name: 'general'})
    put('b')
    put('c', {kind: 'dm', id: 3})
    const resolve = async (target: Target): Promise<Channel> => {
      if ('name' in target) throw outage
      return placeOf(target)
    }
    await expect(flush({resolve})).resolves.toEqual(['a waiting', 'b held', 'c created'])
  })

  it('ends where no connection can be made: each further try would wait in vain', async () => {
    put('a')
    put('b', {kind: 'room', id: 2})
    await expect(flush({failures: {a: noRoute}})).resolves.toEqual(['a waiting'])
    const lost = new VezaError('unreachable', 'reset', {mayHaveActed: true})
    await expect(flush({failures: {a: lost}})).resolves.toEqual(['a waiting', 'b created'])
  })

  it('asks for a name once, and refuses one that nobody has', async () => {
    for (const content of ['a', 'b']) put(content, {kind: 'room', name: 'general'})
    put('x', {kind: 'room', name: 'nosuch'})
    const asked: Target[] = []
    const resolve = async (target: Target): Promise<Channel> => {
      asked.push(target)
      return placeOf(target)
    }
    await expect(flush({resolve})).resolves.toEqual(['a created', 'b created', 'x refused'])
    expect(asked).toHaveLength(2)
  })

  it('sends what is put there meanwhile, and passes over what it is not to take', async () => {
    put('a')
    put('not mine')
    const takes = ({message}: OutboxEntry): boolean => message.content !== 'not mine'
    const send: FlushOptions['send'] = async ({message}) => {
      if (message.content === 'a') put('late')
      return {outcome: 'created', clientId: ''}
    }
    await expect(flush({takes, send})).resolves.toEqual(['a created', 'late created'])
    expect(waiting()).toEqual(['not mine'])
  })

  it('keeps what may have arrived, with the time of its first try', async () => {
    put('a')
    const unknown: FlushOptions['send'] = async () => ({outcome: 'unknown', clientId: '', error: outage})
    await expect(flush({send: unknown})).resolves.toEqual(['a waiting'])
    await flush({send: unknown, now: () => 9_000})
    expect(outbox.list()).toMatchObject([{tries: 2, inDoubtSinceMs: 5_000, refused: false}])
    await flush({resolve: () => Promise.reject(outage)})
    expect(outbox.list()).toMatchObject([{tries: 3, inDoubtSinceMs: 5_000}])
    await flush({failures: {a: outage}})
    expect(outbox.list()[0]).toMatchObject({tries: 4, inDoubtSinceMs: undefined})
  })

  it.each([
    ['the session is over', new VezaError('signed_out', 'over'), false],
    ['the command is ended', outage, true],
    ['something else breaks', new TypeError('a bug'), false],
  ])('ends, and marks nothing, when %s', async (_, failure, aborts) => {
    put('a')
    put('b')
    const controller = new AbortController()
    if (aborts) controller.abort()
    const run = flush({failures: {a: failure}, signal: controller.signal})
    await expect(run).rejects.toBe(failure)
    expect(outbox.list()).toMatchObject([{tries: 0, inDoubtSinceMs: 5_000}, {tries: 0}])
  })
})

/** Thrown where a process is killed: no VezaError, so that nothing is noted any more. */
class Killed extends Error {}

describe('a flush that is killed', () => {
  const moment = fc.constantFrom('before', 'after', 'lost_before', 'lost_after', 'ok' as const)

  it('anywhere loses nothing and sends nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(moment, {maxLength: 12}), fc.boolean(), async (moments, dropsRepeats) => {
        const server = new ModelServer({dropsRepeats})
        const texts = ['a', 'b', 'c', 'd']
        for (const text of texts) put(text)
        const send = sender(server, [...moments])
        for (let run = 0; waiting().length > 0; run++) {
          expect(run).toBeLessThan(50)
          await flush({send, now: server.effects.now}).catch(error => expect(error).toBeInstanceOf(Killed))
        }
        expect(server.messages.map(({content}) => content)).toEqual(texts)
      }),
    )
  })

  /** Sends as the command does; each send is killed before or after the server has acted, or loses its way. */
  function sender(server: ModelServer, moments: string[]): FlushOptions['send'] {
    const port = {
      page: server.page.bind(server),
      edit: server.edit.bind(server),
      me: server.me.bind(server),
      send: async (outgoing: Parameters<ModelServer['send']>[0]) => {
        const next = moments.shift() ?? 'ok'
        if (next === 'before') throw new Killed()
        if (next === 'lost_before') throw new VezaError('unreachable', 'reset', {mayHaveActed: true})
        const message = await server.send(outgoing)
        if (next === 'after') throw new Killed()
        if (next === 'lost_after') throw new VezaError('unreachable', 'reset', {mayHaveActed: true})
        return message
      },
    }
    return ({message, inDoubtSinceMs}, place) =>
      sendQueued({...message, clientId: message.clientId ?? '', place}, inDoubtSinceMs, {
        port,
        retries: 1,
        effects: server.effects,
      })
  }
})
