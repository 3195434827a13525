import type {Message, Page} from '../../../src/contract/resources.js'
import type {DeliverEffects} from '../../../src/lib/delivery/deliver.js'
import type {MessagePort, Outgoing} from '../../../src/lib/delivery/types.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'

/** How a call goes: well, failing before or after the server acted, or refused for certain. */
export type Fate = 'ok' | 'lost_before' | 'lost_after' | 'slow' | 'refused'

/** Which server. */
export interface ModelOptions {
  /** Fates of the sends, in order; then all go well. */
  readonly sends?: readonly Fate[]
  /** Whether each look at history works; then all do. */
  readonly looks?: readonly boolean[]
  readonly dropsRepeats?: boolean
  readonly keepsMetadata?: boolean
}

/** A server in memory, with a clock that only the waiting of the client moves. */
export class ModelServer implements MessagePort {
  readonly messages: Message[] = []
  sends = 0
  looks = 0
  nowMs = Date.parse('2026-11-22T12:00:00Z')
  readonly #options: ModelOptions
  #later: Outgoing[] = []

  constructor(options: ModelOptions = {}) {
    this.#options = options
  }

  readonly effects: DeliverEffects = {
    now: () => this.nowMs,
    random: () => 0.5,
    sleep: async delayMs => {
      this.nowMs += delayMs
      for (const outgoing of this.#later.splice(0)) this.store(outgoing)
    },
  }

  async me(): Promise<number> {
    return 7
  }

  async edit(messageId: number, content: string): Promise<Message> {
    const index = this.messages.findIndex(({id}) => id === messageId)
    const message = this.messages[index]
    if (message === undefined) throw new VezaError('not_found', 'gone')
    this.messages[index] = {...message, content}
    return this.messages[index]
  }

  async send(outgoing: Outgoing): Promise<Message> {
    this.sends += 1
    const fate = this.#options.sends?.[this.sends - 1] ?? 'ok'
    if (fate === 'refused') throw new VezaError('refused', 'no')
    if (fate === 'lost_before') throw doubt()
    if (fate === 'slow') this.#later.push(outgoing)
    const message = fate === 'slow' ? undefined : this.store(outgoing)
    if (message === undefined || fate === 'lost_after') throw doubt()
    return message
  }

  async page(
    _place: unknown,
    query: {readonly limit: number; readonly beforeId?: number},
  ): Promise<Page<Message>> {
    this.looks += 1
    if (this.#options.looks?.[this.looks - 1] === false) throw new VezaError('unreachable', 'no way')
    const {limit, beforeId = Number.POSITIVE_INFINITY} = query
    const older = this.messages.filter(({id}) => id < beforeId).reverse()
    return {items: older.slice(0, limit), has_more: older.length > limit}
  }

  /** Stores a message as the server does. */
  store(
    {content, parentId, clientId}: Pick<Outgoing, 'content' | 'parentId' | 'clientId'>,
    author = 7,
  ): Message {
    const {dropsRepeats = false, keepsMetadata = true} = this.#options
    const first = this.messages.find(({metadata}) => metadata?.client_id === clientId)
    if (dropsRepeats && first !== undefined) return first
    const message: Message = {
      id: this.messages.length + 1,
      author_id: author,
      content,
      parent_id: parentId ?? null,
      created_at: new Date(this.nowMs).toISOString(),
      metadata: keepsMetadata ? {client_id: clientId} : {},
    }
    this.messages.push(message)
    return message
  }
}

function doubt(): VezaError {
  return new VezaError('unreachable', 'the connection broke', {mayHaveActed: true})
}
