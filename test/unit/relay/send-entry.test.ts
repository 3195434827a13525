import {describe, expect, test} from 'vitest'
import type {Outgoing} from '../../../src/lib/delivery/types.js'
import {sendEntry} from '../../../src/lib/relay/send-entry.js'
import {type ModelOptions, ModelServer} from '../delivery/model-server.js'

const OUTGOING: Outgoing = {place: {kind: 'room', id: 1}, content: 'same', clientId: 'veza-1'}
const FRESH = {heldSinceMs: undefined, afterId: 0}

function rig(options: ModelOptions = {}) {
  const server = new ModelServer(options)
  return {server, options: {port: server, effects: server.effects}}
}

describe('an entry that nobody had before', () => {
  test('is sent, without a look at history', async () => {
    const {server, options} = rig()
    server.store(OUTGOING)
    expect(await sendEntry(OUTGOING, FRESH, options)).toEqual({result: 'sent', messageId: 2})
    expect(server.looks).toBe(0)
  })

  test('is known by its server, which drops repeats', async () => {
    const {server, options} = rig({dropsRepeats: true})
    server.store(OUTGOING)
    server.nowMs += 3_600_000
    expect(await sendEntry(OUTGOING, FRESH, options)).toEqual({result: 'repeated', messageId: 1})
  })

  test.each([true, false])('whose answer is lost is found; metadata kept: %s', async keepsMetadata => {
    const {server, options} = rig({sends: ['lost_after'], keepsMetadata})
    expect(await sendEntry(OUTGOING, FRESH, options)).toEqual({result: 'sent', messageId: 1})
    expect(server.sends).toBe(1)
  })

  test('the message before it, which says the same, is not taken for it', async () => {
    const {server, options} = rig({sends: ['ok', 'lost_before'], keepsMetadata: false})
    const first = await sendEntry(OUTGOING, FRESH, options)
    const second = sendEntry({...OUTGOING, clientId: 'veza-2'}, {...FRESH, afterId: first.messageId}, options)
    await expect(second).rejects.toMatchObject({code: 'unreachable', mayHaveActed: true})
    expect(server.messages).toHaveLength(1)
  })
})

describe('an entry that somebody may have sent', () => {
  test.each([true, false])('is found; metadata kept: %s', async keepsMetadata => {
    const {server, options} = rig({keepsMetadata})
    server.store({content: 'before', clientId: 'x'})
    const heldSinceMs = server.nowMs
    server.nowMs += 60_000
    server.store(OUTGOING)
    server.nowMs += 60_000
    const before = {heldSinceMs, afterId: 1}
    expect(await sendEntry(OUTGOING, before, options)).toEqual({result: 'repeated', messageId: 2})
    expect(server.sends).toBe(0)
  })

  test.each([
    ['older', -60_000],
    ['of the same second, and known to be another', 0],
  ])('what says the same and is %s is not it', async (_, sinceMs) => {
    const {server, options} = rig({keepsMetadata: false})
    server.store(OUTGOING)
    server.nowMs -= sinceMs
    const before = {heldSinceMs: server.nowMs, afterId: sinceMs === 0 ? 1 : 0}
    expect(await sendEntry(OUTGOING, before, options)).toEqual({result: 'sent', messageId: 2})
  })

  test('is not sent while history cannot be read', async () => {
    const {server, options} = rig({looks: [false]})
    const sending = sendEntry(OUTGOING, {heldSinceMs: server.nowMs, afterId: 0}, options)
    await expect(sending).rejects.toMatchObject({code: 'unreachable', status: undefined, mayHaveActed: true})
    expect(server.sends).toBe(0)
  })
})

test('one send a call: whether there is another is not decided here', async () => {
  const {server, options} = rig({sends: ['lost_before', 'lost_before']})
  await expect(sendEntry(OUTGOING, FRESH, options)).rejects.toMatchObject({mayHaveActed: true})
  expect(server.sends).toBe(1)
})

test('where nothing is known after a send, that is what is said', async () => {
  const {options} = rig({sends: ['lost_after'], looks: [false, false]})
  await expect(sendEntry(OUTGOING, FRESH, options)).rejects.toMatchObject({
    code: 'unreachable',
    message: 'whether the message has arrived is not known: the connection broke',
  })
})

test('a refusal stays one', async () => {
  const {options} = rig({sends: ['refused']})
  await expect(sendEntry(OUTGOING, FRESH, options)).rejects.toMatchObject({code: 'refused'})
})
