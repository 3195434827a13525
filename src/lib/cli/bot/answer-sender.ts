import {answerKey} from '../../bot/answer.js'
import type {AuthoredMessage} from '../../bot/decide.js'
import {keyedClientId} from '../../delivery/client-id.js'
import {deliverKeyed} from '../../delivery/deliver-keyed.js'
import type {Ledger} from '../../delivery/ledger.js'
import type {Receipt} from '../../delivery/types.js'
import type {ErrorCode} from '../../errors/catalogue.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Channel} from '../../realtime/channel.js'
import type {Context} from '../context.js'
import {messagePort} from '../send/message-port.js'
import {type DeliverContext, deliverOptions} from '../send/send-once.js'
import {openSentLedger, sendLockPath} from '../send/send-under-key.js'

/** No other try can mend these, and the next message may fare better. */
const HOPELESS: readonly ErrorCode[] = ['refused', 'forbidden', 'not_found', 'conflict']

/** What sending answers needs. */
export interface AnswerSenderOptions {
  readonly context: Context
  /** Of a context too, but with what ends only after the bot has had time to finish. */
  readonly delivering: DeliverContext
  readonly botId: number
  /** See `persist`. */
  readonly persist: <T>(work: () => Promise<T>) => Promise<T>
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
    return new AnswerSender(options, await openSentLedger(options.context, Date.now()))
  }

  /**
   * Answers a message at its place. Undefined, with a warning, where the server takes no such answer.
   * @throws {VezaError} what is no matter of this answer alone, such as `signed_out`.
   */
  async send(message: AuthoredMessage, place: Channel, content: string): Promise<Receipt | undefined> {
    const {context, persist} = this.#options
    try {
      return await persist(() => this.#deliver(message, place, content))
    } catch (error) {
      if (!(error instanceof VezaError) || !isHopeless(error)) throw error
      context.out.warn(`message ${message.id} cannot be answered: ${error.message}`)
      return undefined
    }
  }

  close(): void {
    this.#ledger?.close()
  }

  async #deliver({id, created_at}: AuthoredMessage, place: Channel, content: string): Promise<Receipt> {
    const {botId, context, delivering} = this.#options
    const clientId = keyedClientId(place, answerKey(botId, id))
    const askedMs = Date.parse(created_at ?? '')
    const receipt = await deliverKeyed(
      {place, content, parentId: id, clientId},
      {
        ...deliverOptions(delivering),
        port: {...messagePort(delivering), me: async () => botId},
        ledger: this.#ledger,
        lockPath: this.#ledger && sendLockPath(context, clientId),
        answersMs: Number.isNaN(askedMs) ? undefined : askedMs,
        signal: delivering.signal,
      },
    )
    if (receipt.outcome === 'unknown') throw unknownOutcome(receipt)
    return receipt
  }
}

function isHopeless({code, status}: VezaError): boolean {
  return HOPELESS.includes(code) || status === 500
}

/** To be tried again: under its key it is looked for first. */
function unknownOutcome({error}: Receipt): VezaError {
  if (error instanceof VezaError && error.retryable) return error
  return new VezaError('unreachable', 'whether the answer has arrived is not known', {cause: error})
}
