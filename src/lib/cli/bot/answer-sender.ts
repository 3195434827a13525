import {answerKey} from '../../bot/answer.js'
import type {AuthoredMessage} from '../../bot/decide.js'
import {keyedClientId} from '../../delivery/client-id.js'
import {deliverKeyed} from '../../delivery/deliver-keyed.js'
import type {Ledger} from '../../delivery/ledger.js'
import type {MessagePort, Outgoing, Receipt} from '../../delivery/types.js'
import type {ErrorCode} from '../../errors/catalogue.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Metrics} from '../../metrics/metrics.js'
import type {Channel} from '../../realtime/channel.js'
import type {Context} from '../context.js'
import {countError, timed} from '../metrics/timed.js'
import {messagePort} from '../send/message-port.js'
import {type DeliverContext, deliverOptions} from '../send/send-once.js'
import {openSentLedger, sendLockPath} from '../send/send-under-key.js'
import {begunLedger} from './begun-ledger.js'
import type {Permit} from './bot-source.js'

/** No other try can mend these, and the next message may fare better. */
const HOPELESS: readonly ErrorCode[] = ['refused', 'forbidden', 'not_found', 'conflict']

/** An answer that has arrived. */
export interface Sent {
  /** Where the server has told it. */
  readonly answerId: number | undefined
  /** An earlier run had sent it. */
  readonly isRepeat: boolean
}

/** What sending answers needs. */
export interface AnswerSenderOptions {
  readonly context: Context
  /** Of a context too, but with what ends only after the bot has had time to finish. */
  readonly delivering: DeliverContext
  readonly botId: number
  /** See `persist`. */
  readonly persist: <T>(work: () => Promise<T>) => Promise<T>
  readonly metrics: Metrics
  /** Absent where this bot is the only one. */
  readonly permit?: Permit | undefined
}

interface Delivery {
  readonly message: AuthoredMessage
  readonly place: Channel
  readonly content: string
  readonly port: MessagePort
  readonly ledger: Ledger | undefined
}

/** Sends each answer once, whatever happens to the connection or this process: the message's id is its key. */
export class AnswerSender {
  readonly #options: AnswerSenderOptions
  readonly #ledger: Ledger | undefined

  private constructor(options: AnswerSenderOptions, ledger: Ledger | undefined) {
    this.#options = options
    this.#ledger = ledger
  }

  static async open(options: AnswerSenderOptions): Promise<AnswerSender> {
    // What a group has begun, its Redis knows.
    const ledger =
      options.permit === undefined ? await openSentLedger(options.context, Date.now()) : undefined
    return new AnswerSender(options, ledger)
  }

  /**
   * Answers a message at its place. Undefined, with a warning, where the server takes no such answer.
   * @throws {VezaError} what is no matter of this answer alone, such as `signed_out`.
   */
  async send(message: AuthoredMessage, place: Channel, content: string): Promise<Sent | undefined> {
    const {context, metrics, persist} = this.#options
    const port = this.#port(place)
    try {
      const ledger = (await this.#begun(message, place)) ?? this.#ledger
      const receipt = await persist(() => this.#deliver({message, place, content, port, ledger}))
      // What a try of ours has left at the server is found by the next one, and is no repeat.
      const isRepeat = receipt.outcome === 'duplicate' && !port.hasTried
      return {answerId: receipt.message?.id ?? receipt.messageId, isRepeat}
    } catch (error) {
      if (!(error instanceof VezaError) || !isHopeless(error)) throw error
      countError(metrics, error)
      context.out.warn(`message ${message.id} cannot be answered: ${error.message}`)
      return undefined
    }
  }

  close(): void {
    this.#ledger?.close()
  }

  /** What the group knows of this message, as a ledger; undefined where there is no group. */
  async #begun({id, created_at}: AuthoredMessage, place: Channel): Promise<Ledger | undefined> {
    const {permit} = this.#options
    if (permit === undefined) return undefined
    const hasBegun = await permit.begin(place, id)
    return begunLedger(hasBegun ? (timeOf(created_at) ?? 0) : undefined)
  }

  /** Knows whether anything was sent by it. */
  #port(place: Channel): MessagePort & {hasTried: boolean} {
    const {botId, delivering, metrics, permit} = this.#options
    const sending = messagePort(delivering, async () => {
      await permit?.sure(place)
      port.hasTried = true
    })
    const port = {
      ...sending,
      me: async () => botId,
      hasTried: false,
      send: (outgoing: Outgoing) => timed(metrics, 'send', () => sending.send(outgoing)),
    }
    return port
  }

  async #deliver({message, place, content, port, ledger}: Delivery): Promise<Receipt> {
    const {id, created_at} = message
    const {botId, context, delivering} = this.#options
    const clientId = keyedClientId(place, answerKey(botId, id))
    const receipt = await deliverKeyed(
      {place, content, parentId: id, clientId},
      {
        ...deliverOptions(delivering),
        port,
        ledger,
        lockPath: this.#ledger && sendLockPath(context, clientId),
        answersMs: timeOf(created_at),
        signal: delivering.signal,
      },
    )
    if (receipt.outcome === 'unknown') throw unknownOutcome(receipt)
    return receipt
  }
}

function timeOf(createdAt: string | undefined): number | undefined {
  const timeMs = Date.parse(createdAt ?? '')
  return Number.isNaN(timeMs) ? undefined : timeMs
}

function isHopeless({code, status}: VezaError): boolean {
  return HOPELESS.includes(code) || status === 500
}

/** To be tried again: under its key it is looked for first. */
function unknownOutcome({error}: Receipt): VezaError {
  if (error instanceof VezaError && error.retryable) return error
  return new VezaError('unreachable', 'whether the answer has arrived is not known', {cause: error})
}
