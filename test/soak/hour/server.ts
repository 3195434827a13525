import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import type {Channel} from '../../../src/lib/realtime/channel.js'
import type {Row} from '../bot/judge.js'
import {rowsIn} from '../bot/judge.js'
import {Rest} from '../tail/rest.js'
import type {Dialect} from '../tail/world.js'
import {Service} from './service.js'

/** A sandbox in a process of its own, so that what it keeps is not ours. */
export interface Server {
  readonly service: Service
  readonly url: string
  readonly channels: readonly Channel[]
}

const ROOMS = 4
const [ALICE, BOB, BOT] = [2, 3, 4]
const AGAIN_MS = 100
/** Short, so that tokens are renewed often. */
const TOKEN_TTL = '2m'

/** Starts it, with rooms that everybody is in and a conversation of bob with the bot. */
export async function startServer(folder: string, dialect: Dialect): Promise<Server> {
  const kept = ['--data', join(folder, 'chat.db'), '--token-ttl', TOKEN_TTL]
  const service = new Service({
    name: 'sandbox',
    args: ['sandbox', '--port', '0', '--control', '--dialect', dialect, ...kept],
    env: {HOME: folder, TMPDIR: folder},
  })
  const url = /^ready: (\S+)/.exec(await service.ready())?.[1] ?? ''
  const rest = new Rest(url)
  try {
    const admin = await rest.signIn('admin')
    const channels: Channel[] = [{kind: 'room', id: 1}]
    while (channels.length < ROOMS) {
      const room = {name: `room-${channels.length + 1}`, is_public: true}
      const {id} = (await rest.call('POST', '/rooms', admin, room)) as {id: number}
      for (const user_id of [ALICE, BOB, BOT])
        await rest.call('POST', `/rooms/${id}/members`, admin, {user_id, role: 'member'})
      channels.push({kind: 'room', id})
    }
    const bob = await rest.signIn('bob')
    const talk = (await rest.call('POST', '/conversations', bob, {user_id: BOT})) as Record<string, unknown>
    return {service, url, channels: [...channels, {kind: 'dm', id: Number(talk.conversation_id ?? talk.id)}]}
  } finally {
    rest.close()
  }
}

/** Arms a fault, or clears all with `undefined`; resolves to whether the server was there to be asked. */
export async function control(url: string, fault: object | undefined): Promise<boolean> {
  const asked = await fetch(`${url}/sandbox/faults`, {
    method: fault === undefined ? 'DELETE' : 'POST',
    ...(fault === undefined
      ? {}
      : {headers: {'content-type': 'application/json'}, body: JSON.stringify(fault)}),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined)
  await asked?.arrayBuffer().catch(() => undefined)
  if (asked !== undefined && !asked.ok) throw new Error(`the sandbox takes no ${JSON.stringify(fault)}`)
  return asked !== undefined
}

/** Nothing goes wrong any more. */
export async function heal(url: string): Promise<void> {
  while (!(await control(url, undefined))) await sleep(AGAIN_MS)
}

/** All that the server has, by channel; it has to be well. */
export async function historyOf({url, channels}: Server): Promise<ReadonlyMap<Channel, readonly Row[]>> {
  const rest = new Rest(url)
  try {
    const token = await rest.signIn('bob')
    const all = new Map<Channel, readonly Row[]>()
    for (const channel of channels) all.set(channel, await rowsIn(rest, token, channel))
    return all
  } finally {
    rest.close()
  }
}
