import type {Ledger} from '../../delivery/ledger.js'

/**
 * A ledger for the answer to one message, of which others know whether it was begun.
 * @param startedMs when another run may have begun to send it, milliseconds since 1970; undefined: nobody has.
 */
export function begunLedger(startedMs: number | undefined): Ledger {
  let begunMs = startedMs
  let messageId: number | undefined
  return {
    find: () => {
      if (begunMs === undefined) return undefined
      return {startedMs: begunMs, ...(messageId === undefined ? {} : {messageId})}
    },
    begin: (_, nowMs) => {
      begunMs ??= nowMs
    },
    created: (_, id) => {
      messageId = id
    },
    forget: () => {
      messageId = undefined
    },
    close: () => undefined,
  }
}
