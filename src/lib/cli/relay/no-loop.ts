import {VezaError} from '../../errors/veza-error.js'
import type {Redis} from '../../state/redis/client.js'
import {groupKeys} from '../../state/redis/group-keys.js'

/**
 * Whether the entries of a stream may go to the rooms that they name: those that `relay rooms` has taken from the same
 * server would go back to where they came from, and round for ever.
 * @throws {VezaError} `usage` where they would.
 */
export async function assertNoLoop(
  redis: Pick<Redis, 'call'>,
  stream: string,
  server: string,
): Promise<void> {
  const owner = await redis.call(['HGET', groupKeys(stream, 'veza-rooms').of('cursors'), '@owner'])
  if (owner !== server) return
  throw new VezaError(
    'usage',
    `the entries of ${stream} come from the rooms of this server, and would go back there`,
    {
      hint: 'send them to another room with --room',
    },
  )
}
