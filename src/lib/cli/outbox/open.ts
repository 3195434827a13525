import {createHash} from 'node:crypto'
import {join} from 'node:path'
import {Outbox} from '../../delivery/outbox/outbox.js'
import {VezaError} from '../../errors/veza-error.js'
import {acquireLock} from '../../state/lock.js'
import type {Context} from '../context.js'

/** The outbox of this machine, for the server in use. Made where it is missing. @throws {VezaError} as `Outbox.open`. */
export function openOutbox({paths, settings}: Context): Promise<Outbox> {
  return Outbox.open(fileIn(paths.stateDir), settings.server)
}

/** As `openOutbox`, for as long as `use` takes; `use` is not called where nothing was ever put there. */
export async function withOutbox(
  {paths, settings}: Context,
  use: (outbox: Outbox) => Promise<void>,
): Promise<void> {
  const outbox = await Outbox.openExisting(fileIn(paths.stateDir), settings.server)
  try {
    if (outbox !== undefined) await use(outbox)
  } finally {
    outbox?.close()
  }
}

/**
 * As `withOutbox`, while no other process sends from it or drops what is in it. Another server's outbox is not kept waiting.
 * @throws {VezaError} `conflict` when another process is still at it after a minute.
 */
export async function withOwnOutbox(context: Context, use: (outbox: Outbox) => Promise<void>): Promise<void> {
  await withOutbox(context, async outbox => {
    const release = await claimOutbox(context)
    try {
      await use(outbox)
    } finally {
      release()
    }
  })
}

async function claimOutbox({paths, settings, signal}: Context): Promise<() => void> {
  const server = createHash('sha256').update(settings.server).digest('hex').slice(0, 16)
  try {
    return await acquireLock(join(paths.stateDir, 'locks', `outbox-${server}.lock`), {signal})
  } catch (cause) {
    if (!(cause instanceof VezaError) || cause.code !== 'unreachable') throw cause
    throw new VezaError('conflict', 'another veza outbox flush has been at work for a minute', {
      hint: 'it sends what waits, with what has been put there since; try again when it is done',
      cause,
    })
  }
}

function fileIn(stateDir: string): string {
  return join(stateDir, 'outbox.db')
}
