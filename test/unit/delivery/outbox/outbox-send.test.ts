import {describe, expect, it} from 'vitest'
import {sendQueued} from '../../../../src/lib/delivery/outbox/outbox-send.js'
import type {Outgoing} from '../../../../src/lib/delivery/types.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {ModelServer} from '../model-server.js'

const outgoing: Outgoing = {place: {kind: 'room', id: 1}, content: 'hello', clientId: 'veza-1'}
const HOUR_MS = 3_600_000

function send(server: ModelServer, inDoubtSinceMs?: number) {
  return sendQueued(outgoing, inDoubtSinceMs, {port: server, retries: 1, effects: server.effects})
}

describe('sendQueued', () => {
  it('sends at once what was never sent before', async () => {
    const server = new ModelServer()
    await expect(send(server)).resolves.toMatchObject({outcome: 'created', message: {id: 1}})
    expect(server.looks).toBe(0)
  })

  it('finds what a killed process had sent, hours and hundreds of messages ago', async () => {
    const server = new ModelServer()
    const sinceMs = server.nowMs
    server.store(outgoing)
    for (let nth = 0; nth < 1_200; nth++) server.store({content: 'noise', clientId: `n${nth}`}, 8)
    server.nowMs += 5 * HOUR_MS
    await expect(send(server, sinceMs)).resolves.toMatchObject({outcome: 'created', message: {id: 1}})
    expect(server.sends).toBe(0)
  })

  it('sends what is not there', async () => {
    const server = new ModelServer()
    await expect(send(server, server.nowMs - HOUR_MS)).resolves.toMatchObject({outcome: 'created'})
    expect([server.sends, server.looks]).toEqual([1, 1])
  })

  it('looks a second time for what was sent a moment ago: the server may be at it yet', async () => {
    const server = new ModelServer()
    const arrives = {
      ...server.effects,
      sleep: async (delayMs: number) => {
        server.store(outgoing)
        await server.effects.sleep(delayMs)
      },
    }
    const options = {port: server, retries: 1, effects: arrives}
    await expect(sendQueued(outgoing, server.nowMs, options)).resolves.toMatchObject({message: {id: 1}})
    expect([server.sends, server.looks]).toEqual([0, 2])
  })

  it('sends nothing while history cannot be read', async () => {
    const server = new ModelServer({looks: [false]})
    await expect(send(server, server.nowMs - HOUR_MS)).resolves.toMatchObject({
      outcome: 'unknown',
      error: {code: 'unreachable'},
    })
    expect(server.sends).toBe(0)
  })

  it('ends where nobody is signed in any more', async () => {
    const server = new ModelServer()
    server.page = () => Promise.reject(new VezaError('signed_out', 'over'))
    await expect(send(server, server.nowMs)).rejects.toMatchObject({code: 'signed_out'})
  })
})
