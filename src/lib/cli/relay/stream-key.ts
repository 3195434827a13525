import {VezaError} from '../../errors/veza-error.js'
import type {Redis} from '../../state/redis/client.js'
import type {RoomStore} from '../../state/redis/room-store.js'

/** Whether a key is a stream, or free for one. @throws {VezaError} `usage` where it is something else. */
export async function assertStream(redis: Pick<Redis, 'call'>, key: string): Promise<void> {
  const type = await redis.call(['TYPE', key])
  if (type === 'stream' || type === 'none') return
  throw new VezaError('usage', `the key ${key} holds a ${type}, not a stream`, {hint: 'give another key'})
}

/**
 * Whether the rooms of a stream are those of this server; the first one that asks has it noted.
 * @throws {VezaError} `usage` where they are those of another one: ids of rooms mean nothing there.
 */
export async function assertOwner(
  store: Pick<RoomStore, 'claim'>,
  server: string,
  stream: string,
): Promise<void> {
  const owner = await store.claim(server)
  if (owner === server) return
  throw new VezaError('usage', `the stream ${stream} has the rooms of another server: ${owner}`, {
    hint: `give another --stream for ${server}, or the same --server to all members`,
  })
}
