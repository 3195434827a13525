import type {Message, Page} from '../../contract/resources.js'
import type {Channel} from '../realtime/channel.js'

/**
 * What became of a message:
 * - `created`: it is there now, once.
 * - `duplicate`: it was there before, from an earlier run with the same key; nothing was sent.
 * - `updated`: it was there before and has the new content now.
 * - `unknown`: it was sent, no answer came, and history could not be read: it may be there.
 */
export type Outcome = 'created' | 'duplicate' | 'updated' | 'unknown'

/** A message on its way. */
export interface Outgoing {
  readonly place: Channel
  readonly content: string
  readonly parentId?: number | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** By which the message is known again, in `metadata.client_id` (section 5 of the contract). */
  readonly clientId: string
}

/** What is known of a message that was sent. */
export interface Receipt {
  readonly outcome: Outcome
  readonly clientId: string
  /** Where the server has shown the message. */
  readonly message?: Message
  /** Where only its id is known, from the ledger, that. */
  readonly messageId?: number
  /** With `unknown`: the failure that left it open. */
  readonly error?: unknown
}

/** The calls that sending needs (section 4). */
export interface MessagePort {
  /** Sends once, without a repeat after a failure that leaves open whether it was executed. */
  send(outgoing: Outgoing): Promise<Message>
  /** Gives a message new content; repeats do no harm. */
  edit(messageId: number, content: string): Promise<Message>
  /** One page of a place, newest first. */
  page(place: Channel, query: {readonly limit: number; readonly beforeId?: number}): Promise<Page<Message>>
  /** The id of the account that sends. */
  me(): Promise<number>
}
