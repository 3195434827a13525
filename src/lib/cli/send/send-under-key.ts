import {join} from 'node:path'
import type {DeliverOptions} from '../../delivery/deliver.js'
import {deliverKeyed, upsert} from '../../delivery/deliver-keyed.js'
import {type Ledger, openLedger} from '../../delivery/ledger.js'
import type {Outgoing, Receipt} from '../../delivery/types.js'
import type {Context} from '../context.js'
import {rateAccount} from '../rate-account.js'

/**
 * Sends under a key, or updates what was sent under it, with the ledger of this machine; without one, as in a container
 * that may write nothing, by history alone.
 */
export async function sendUnderKey(
  context: Context,
  outgoing: Outgoing,
  {updates = false, ...options}: DeliverOptions & {readonly updates?: boolean},
): Promise<Receipt> {
  const ledger = await openSentLedger(context, options.effects.now())
  const lockPath = ledger && sendLockPath(context, outgoing.clientId)
  try {
    const keyed = {...options, ledger, lockPath, signal: context.signal}
    return await (updates ? upsert(outgoing, keyed) : deliverKeyed(outgoing, keyed))
  } finally {
    ledger?.close()
  }
}

/** The ledger of this machine; undefined, with a warning, where no state can be kept. */
export async function openSentLedger(context: Context, nowMs: number): Promise<Ledger | undefined> {
  try {
    const {server} = context.settings
    const account = await rateAccount(context.tokens)
    return await openLedger(join(context.paths.stateDir, 'sent.db'), {server, account, nowMs})
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'the ledger cannot be opened'
    context.out.warn(`${reason}: only the room itself tells what was sent before`)
    return undefined
  }
}

/** The lock that all that send under this key on this machine share. */
export function sendLockPath({paths}: Context, clientId: string): string {
  return join(paths.stateDir, 'locks', `send-${stripe(clientId)}.lock`)
}

/** One of 64 locks: a file for each key would pile up. */
function stripe(clientId: string): string {
  let sum = 0
  for (const character of clientId) sum = (sum * 31 + character.charCodeAt(0)) % 64
  return String(sum)
}
