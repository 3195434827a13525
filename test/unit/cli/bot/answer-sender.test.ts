import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {AnswerSender, type AnswerSenderOptions} from '../../../../src/lib/cli/bot/answer-sender.js'
import type {Permit} from '../../../../src/lib/cli/bot/bot-source.js'
import {persist} from '../../../../src/lib/cli/bot/persist.js'
import {LostLease} from '../../../../src/lib/cli/bot/shared/lost-lease.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {noMetrics} from '../../../../src/lib/metrics/metrics.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veza-sender-'))
})

afterEach(() => rmSync(folder, {recursive: true, force: true}))

const ROOM = {kind: 'room', id: 1} as const
/** So long ago. */
const timeOf = (agoMs: number): string => new Date(Date.now() - agoMs).toISOString()
const ASKED = {id: 9, author_id: 3, content: '!bot ping', created_at: timeOf(1000)}

/** A server whose sends go as `sends` says, then well: an error before it has acted, or after. */
async function rig(
  sends: readonly {readonly error: VezaError; readonly acts?: boolean}[] = [],
  permit?: Permit,
) {
  const stored: Record<string, unknown>[] = []
  const warnings: string[] = []
  let calls = 0
  const messages = {
    send: async (
      _room: number,
      message: {content: string; parentId?: number; metadata?: object; beforeTry?: () => Promise<void>},
    ) => {
      await message.beforeTry?.()
      const fate = sends[calls++]
      const {content, parentId, metadata} = message
      const made = {
        id: 100 + stored.length,
        author_id: 4,
        content,
        parent_id: parentId,
        metadata,
        created_at: timeOf(0),
      }
      if (fate === undefined || fate.acts === true) stored.unshift(made)
      if (fate !== undefined) throw fate.error
      return made
    },
    list: async () => ({items: [...stored, {...ASKED, created_at: timeOf(2000)}], has_more: false}),
  }
  const {signal} = new AbortController()
  const out = {warn: (text: string) => warnings.push(text), verbose: () => undefined}
  const shared = {
    api: {messages},
    network: {skewMs: 0},
    out,
    settings: {server: 'http://chat.example', retries: 1, retryDelayMs: 1, maxRetryDelayMs: 1},
    signal,
  }
  const tokens = {headers: async () => ({Authorization: 'Bearer x'}), renew: async () => ({})}
  const sender = await AnswerSender.open({
    context: {...shared, tokens, paths: {stateDir: folder}},
    delivering: shared,
    botId: 4,
    metrics: noMetrics,
    permit,
    persist: (work: () => Promise<unknown>) =>
      persist(work, {sleep: async () => undefined, random: () => 0, onWait: () => undefined}),
  } as unknown as AnswerSenderOptions)
  return {sender, stored, warnings, calls: () => calls}
}

const reset = new VezaError('unreachable', 'reset', {mayHaveActed: true})

describe('AnswerSender', () => {
  test('an answer is a reply, and is sent once however often it is asked for', async () => {
    const {sender, stored} = await rig()
    expect(await sender.send(ASKED, ROOM, 'pong')).toEqual({answerId: 100, isRepeat: false})
    expect(await sender.send(ASKED, ROOM, 'pong again')).toEqual({answerId: 100, isRepeat: true})
    sender.close()
    expect(stored).toEqual([expect.objectContaining({content: 'pong', parent_id: 9})])
  })

  test('goes on until it has arrived, and finds what had arrived', async () => {
    const refused = new VezaError('unreachable', 'refused')
    const {sender, stored, calls} = await rig([
      {error: refused},
      {error: refused},
      {error: reset, acts: true},
    ])
    expect(await sender.send(ASKED, ROOM, 'pong')).toEqual({answerId: 100, isRepeat: false})
    sender.close()
    expect(stored).toHaveLength(1)
    expect(calls()).toBe(3)
  })

  test.each(['conflict', 'forbidden', 'not_found', 'refused'] as const)(
    '%s is told, and left',
    async code => {
      const {sender, warnings, calls} = await rig([{error: new VezaError(code, 'no such luck')}])
      expect(await sender.send(ASKED, ROOM, 'pong')).toBeUndefined()
      sender.close()
      expect(warnings).toEqual(['message 9 cannot be answered: no such luck'])
      expect(calls()).toBe(1)
    },
  )

  test('what the server fails over is left after many tries', async () => {
    const broken = new VezaError('server_error', 'it broke', {status: 500})
    const {sender, warnings, calls} = await rig(Array.from({length: 99}, () => ({error: broken})))
    expect(await sender.send(ASKED, ROOM, 'pong')).toBeUndefined()
    sender.close()
    expect(warnings).toEqual(['message 9 cannot be answered: it broke'])
    expect(calls()).toBe(10)
  })

  test('in a group: each send asks first, and what another may have begun is looked for', async () => {
    const log: string[] = []
    const permit: Permit = {
      begin: async (_, id) => {
        log.push(`begin ${id}`)
        return log.length > 2
      },
      sure: async () => void log.push('sure'),
    }
    const {sender, stored, calls} = await rig([{error: new VezaError('unreachable', 'refused')}], permit)
    expect(await sender.send(ASKED, ROOM, 'pong')).toEqual({answerId: 100, isRepeat: false})
    expect(await sender.send(ASKED, ROOM, 'pong')).toEqual({answerId: 100, isRepeat: true})
    expect(log).toEqual(['begin 9', 'sure', 'sure', 'begin 9'])
    expect([stored.length, calls()]).toEqual([1, 2])
  })

  test('what another bot has by now is not sent', async () => {
    const permit: Permit = {begin: async () => false, sure: () => Promise.reject(new LostLease())}
    const {sender, stored, warnings} = await rig([], permit)
    await expect(sender.send(ASKED, ROOM, 'pong')).rejects.toThrow(LostLease)
    expect([stored, warnings]).toEqual([[], []])
  })

  test('what concerns every answer ends it', async () => {
    const {sender} = await rig([{error: new VezaError('signed_out', 'over')}])
    await expect(sender.send(ASKED, ROOM, 'pong')).rejects.toMatchObject({code: 'signed_out'})
    sender.close()
  })
})
