import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {deliver} from '../../../src/lib/delivery/deliver.js'
import type {Outgoing} from '../../../src/lib/delivery/types.js'
import {type Fate, ModelServer} from './model-server.js'

const outgoing: Outgoing = {place: {kind: 'room', id: 1}, content: 'hello', clientId: 'veza-1'}

function send(server: ModelServer, retries = 3) {
  return deliver(outgoing, {port: server, retries, effects: server.effects})
}

describe('deliver', () => {
  it('sends once and looks at nothing where all goes well', async () => {
    const server = new ModelServer()
    await expect(send(server)).resolves.toMatchObject({outcome: 'created', message: {id: 1}})
    expect([server.sends, server.looks]).toEqual([1, 0])
  })

  it('finds the message whose answer was lost, and sends no second one', async () => {
    const server = new ModelServer({sends: ['lost_after']})
    await expect(send(server)).resolves.toMatchObject({outcome: 'created', message: {id: 1}})
    expect(server.sends).toBe(1)
  })

  it('sends again what never arrived', async () => {
    const server = new ModelServer({sends: ['lost_before', 'lost_before']})
    await expect(send(server)).resolves.toMatchObject({outcome: 'created'})
    expect([server.sends, server.messages.length]).toEqual([3, 1])
  })

  it('waits for a slow server rather than send twice', async () => {
    const server = new ModelServer({sends: ['slow']})
    await send(server)
    expect([server.sends, server.messages.length]).toEqual([1, 1])
  })

  it('says unknown, and does not send again, where history cannot be read', async () => {
    const server = new ModelServer({sends: ['lost_after'], looks: Array(50).fill(false)})
    await expect(send(server)).resolves.toMatchObject({outcome: 'unknown', clientId: 'veza-1'})
    expect(server.sends).toBe(1)
  })

  it('throws the failure after which the message is certainly not there', async () => {
    await expect(send(new ModelServer({sends: ['refused']}))).rejects.toMatchObject({code: 'refused'})
    const never = new ModelServer({sends: Array(9).fill('lost_before')})
    await expect(send(never, 2)).rejects.toMatchObject({code: 'unreachable'})
    expect([never.sends, never.messages.length]).toEqual([3, 0])
  })

  it('takes the same words of ours for the message where the server keeps no metadata', async () => {
    const server = new ModelServer({sends: ['lost_after'], keepsMetadata: false})
    await expect(send(server)).resolves.toMatchObject({outcome: 'created', message: {id: 1}})
    expect(server.sends).toBe(1)
  })

  it('does not take the same words of somebody else, or an answer to another message, for it', async () => {
    const server = new ModelServer({sends: ['lost_before'], keepsMetadata: false})
    server.store({content: 'hello', clientId: 'x'}, 8)
    server.store({content: 'hello', clientId: 'y', parentId: 1})
    await send(server)
    expect(
      server.messages.filter(({author_id, parent_id}) => author_id === 7 && parent_id === null),
    ).toHaveLength(1)
  })

  it('takes no twin where the server keeps metadata, or from before the first try', async () => {
    const keeps = new ModelServer({sends: ['lost_before']})
    keeps.store({content: 'other', clientId: 'z'})
    keeps.messages.push({
      ...outgoing,
      id: 2,
      author_id: 7,
      parent_id: null,
      created_at: new Date(keeps.nowMs).toISOString(),
    })
    await send(keeps)
    expect(keeps.sends).toBe(2)
    const keepsNone = new ModelServer({sends: ['lost_before'], keepsMetadata: false})
    keepsNone.store(outgoing)
    keepsNone.nowMs += 10_000
    await send(keepsNone)
    expect(keepsNone.messages).toHaveLength(2)
  })

  it('finds it behind hundreds of messages that came meanwhile', async () => {
    const server = new ModelServer({sends: ['lost_after']})
    const {sleep} = server.effects
    const effects = {
      ...server.effects,
      sleep: async (delayMs: number) => {
        for (let i = 0; i < 450; i++)
          server.store({content: 'noise', clientId: `n${server.messages.length}`}, 8)
        await sleep(delayMs)
      },
    }
    await deliver(outgoing, {port: server, retries: 3, effects})
    expect(server.sends).toBe(1)
  })

  it('leaves exactly one message after any failures, whatever the server does with repeats', async () => {
    const fate = fc.constantFrom<Fate>('ok', 'lost_before', 'lost_after', 'slow')
    const model = fc.record({
      sends: fc.array(fate, {maxLength: 6}),
      looks: fc.array(fc.boolean(), {maxLength: 20}),
      dropsRepeats: fc.boolean(),
      keepsMetadata: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(model, async options => {
        const server = new ModelServer(options)
        const receipt = await send(server, 10).catch(() => undefined)
        if (receipt?.outcome === 'created') expect(server.messages).toHaveLength(1)
        else expect(server.messages.length).toBeLessThanOrEqual(1)
      }),
    )
  })
})
