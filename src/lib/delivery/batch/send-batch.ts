import type {Message} from '../../../contract/resources.js'
import type {Channel} from '../../realtime/channel.js'
import type {ReadRows} from '../../realtime/feed/trail.js'
import {keyedClientId, randomClientId} from '../client-id.js'
import type {DeliverOptions} from '../deliver.js'
import type {Outgoing, Receipt} from '../types.js'
import {findMany} from './find-many.js'
import {Input} from './input.js'
import type {Journal} from './journal.js'
import {Pipeline, type PipelineOptions} from './pipeline.js'
import {Queue} from './queue.js'
import {type BatchCounts, type BatchFailure, Results} from './results.js'
import {Sender} from './sender.js'
import type {BadRecord, BatchRecord, BatchResult} from './types.js'

/** A batch, and how it is sent. */
export interface BatchOptions {
  readonly place: Channel
  readonly input: AsyncIterable<readonly (BatchRecord | BadRecord)[]>
  readonly journal: Journal | undefined
  /** Whether a message that the server refuses, or a line that is none, leaves the batch going. */
  readonly keepsGoing: boolean
  readonly show: (results: readonly BatchResult[]) => Promise<void> | undefined
  readonly delivery: DeliverOptions
  /** Sends what has a key of its own. */
  readonly sendKeyed: (outgoing: Outgoing) => Promise<Receipt>
  /** Reads history of the place. */
  readonly read: ReadRows
  readonly pipeline: PipelineOptions
  /** Whether there is no limit to how many messages a minute are sent, ours or the server's; asked after the first one. */
  readonly isUnlimited: () => boolean
  /** The command ends: no more is sent. */
  readonly signal: AbortSignal
}

/** What became of a batch. */
export interface BatchEnd extends BatchCounts {
  /** The first failure of a message. */
  readonly first: BatchFailure | undefined
  /** What ended the batch before its end. */
  readonly final: BatchFailure | undefined
}

/**
 * Sends messages in their order, each once, with a random `client_id` that the journal keeps for a second run. The first
 * goes over REST, where errors are clear and headers tell of limits; the others over a WebSocket where the server
 * acknowledges them there and there is no limit, else over REST one after the other (sections 4 and 5 of the contract).
 *
 * What the server took of a window behind a message that it refused stays: the batch ends there, not before. Failures are
 * in the result; thrown are those of the journal and of the look at what earlier runs have sent, before anything is sent.
 */
export async function sendBatch(options: BatchOptions): Promise<BatchEnd> {
  const {place, journal, signal} = options
  const id = journal?.id ?? randomClientId()
  const results = new Results(options)
  const queue = new Queue({
    input: new Input(options.input),
    results,
    journal,
    found: await sentBefore(options),
    clientIdOf: ({index, key}) => (key === undefined ? `${id}-${index}` : keyedClientId(place, key)),
  })
  const sender = new Sender({...options, queue, results})
  const pipeline = new Pipeline(options.pipeline, sender)
  while (results.final === undefined && !signal.aborted) {
    const pending = queue.shift()
    if (pending === undefined) {
      await results.emit()
      if (queue.ended) break
      await queue.fill()
    } else if (pipeline.works && sender.highestId !== undefined && options.isUnlimited()) {
      queue.back([pending])
      await pipeline.run()
    } else {
      await sender.sendAlone(pending)
      await results.emit()
    }
  }
  if (signal.aborted) results.end(signal.reason)
  await results.close()
  if (results.final === undefined) assertWhole(queue, results, journal)
  return {...results.counts, first: results.first, final: results.final}
}

/** What a run before this one has sent without noting it. @throws {VezaError} what the reading of history throws. */
async function sentBefore({journal, read, delivery}: BatchOptions): Promise<ReadonlyMap<string, Message>> {
  if (journal?.isResumed !== true) return new Map()
  const isWanted = (clientId: string): boolean => clientId.startsWith('veza-')
  return findMany(read, {afterId: journal.lookFromId, authorId: await delivery.port.me(), isWanted})
}

function assertWhole({count}: Queue, results: Results, journal: Journal | undefined): void {
  try {
    journal?.assertWhole(count)
  } catch (error) {
    results.end(error)
  }
}
