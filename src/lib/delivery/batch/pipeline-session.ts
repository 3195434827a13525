import type {Frame} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Connection} from '../../realtime/connection/connection.js'
import {encodeFrame} from '../../realtime/connection/frames.js'
import type {Timers} from '../../realtime/connection/heartbeat.js'
import {join, refusalOf} from '../../realtime/connection/session.js'
import {type Ending, endingOfClosure, endingOfError} from '../../realtime/reconnect/reconnect.js'
import type {SessionEnd} from '../../realtime/reconnect/supervise.js'
import {outgoingOf, type Sender} from './sender.js'
import {MOST_UNSETTLED, type Sendable} from './types.js'
import {Wake} from './wake.js'
import type {Window} from './window.js'

/** A server that acknowledges may take so long after the pong to say so. */
const AUTH_GRACE_MS = 500
/** Frames that are not acknowledged for so long are lost. */
const STALL_MS = 15_000
/** At the end of the command, acknowledgements are waited for so long. */
const FAREWELL_MS = 2_000

/** What a session works with. */
export interface PipelineContext {
  readonly sender: Sender
  readonly window: Window
  readonly timers: Timers
}

/** How a session ended: all is sent; broken, so that another one may go on; or this is no way for this server. */
export type Verdict = 'done' | 'broken' | 'unfit'

/** One connection's life as a pipeline: authenticate, find what the one before left open, then send and be acknowledged. */
export class PipelineSession {
  readonly #connection: Connection
  readonly #sender: Sender
  readonly #window: Window
  readonly #timers: Timers
  readonly #cancels: (() => void)[] = []
  readonly #wake = new Wake()
  #open: (acknowledges: boolean) => void = () => {}
  readonly #opened = new Promise<boolean>(resolve => {
    this.#open = resolve
  })
  #ending: Ending | undefined
  #verdict: Verdict = 'broken'
  #live = false
  #filling = false
  #mustJoin = false
  #unfit = false

  constructor(connection: Connection, {sender, window, timers}: PipelineContext) {
    this.#connection = connection
    this.#sender = sender
    this.#window = window
    this.#timers = timers
  }

  get verdict(): Verdict {
    return this.#verdict
  }

  /** Runs until all is sent or the connection ends; leaves no socket. Never rejects. */
  async run(token: string | undefined): Promise<SessionEnd> {
    const {signal, place} = this.#sender
    const onAbort = (): void => this.#sayFarewell(signal.reason)
    signal.addEventListener('abort', onAbort, {once: true})
    this.#connection.listen({
      frame: frame => this.#onFrame(frame),
      malformed: () => undefined,
      pong: payload => this.#onPong(payload),
      closed: closure => this.#stop(endingOfClosure(closure)),
    })
    join(this.#connection, {token, roomIds: this.#window.joins ? [place.id] : [], ping: 'auth'})
    if (signal.aborted) onAbort()
    await this.#work().catch((error: unknown) => this.#stop(endingOfError(error)))
    for (const cancel of this.#cancels) cancel()
    signal.removeEventListener('abort', onAbort)
    await this.#connection.close()
    const ending = this.#ending ?? endingOfError(lost('the batch is over'))
    return {...ending, proven: this.#live, live: this.#live}
  }

  async #work(): Promise<void> {
    const sender = this.#sender
    const {inFlight} = this.#window
    if (!(await this.#opened)) {
      if (this.#ending === undefined) this.#verdict = 'unfit'
      return
    }
    this.#live = true
    await sender.recover(inFlight)
    this.#window.clear()
    while (this.#ending === undefined) {
      await sender.results.emit()
      const alone = this.#unfit ? undefined : this.#sendMany()
      if (inFlight.size === 0 && alone !== undefined) await sender.sendAlone(alone)
      else if (inFlight.size === 0 && this.#isOver()) return
      else await this.#sleep()
    }
  }

  /** Nothing is on its way: whether nothing will be. */
  #isOver(): boolean {
    const {results, queue} = this.#sender
    if (this.#unfit) this.#verdict = 'unfit'
    else if (results.final !== undefined || queue.ended) this.#verdict = 'done'
    return this.#verdict !== 'broken'
  }

  /** Fills the window. Returns the next message where that has to be sent by itself, now. */
  #sendMany(): Sendable | undefined {
    const {queue, results, highestId = 0} = this.#sender
    const texts: string[] = []
    let alone: Sendable | undefined
    while (this.#window.isOpen && results.waiting - queue.returned < MOST_UNSETTLED) {
      const pending = queue.shift()
      if (pending === undefined) {
        // After a failure there is no more, whatever the input has: only acknowledgements are waited for.
        if (results.final === undefined) this.#fill()
        break
      }
      if (pending.alone || pending.record.key !== undefined) {
        if (this.#window.inFlight.size === 0) alone = pending
        else queue.back([pending])
        break
      }
      pending.sentAfterId ??= highestId
      const text = this.#frameOf(pending)
      this.#window.add(pending, text.length)
      texts.push(text)
    }
    if (texts.length > 0) this.#connection.send(...texts)
    return alone
  }

  #frameOf(pending: Sendable): string {
    const {content, parentId, metadata, clientId, place} = outgoingOf(pending, this.#sender.place)
    return encodeFrame('send_message', {
      room_id: place.id,
      content,
      ...(parentId === undefined ? {} : {parent_id: parentId}),
      metadata: {...metadata, client_id: clientId},
    })
  }

  #fill(): void {
    const {queue} = this.#sender
    if (this.#filling || queue.ended) return
    this.#filling = true
    void queue.fill().then(() => {
      this.#filling = false
      this.#wake.call()
    })
  }

  /** Until something happens. What is on its way and not acknowledged for too long is lost. */
  async #sleep(): Promise<void> {
    if (this.#window.inFlight.size === 0) return this.#wake.sleep()
    const cancel = this.#timers.setTimer(() => {
      if (!this.#window.proven) this.#verdict = 'unfit'
      this.#stop(endingOfError(lost(`the server has acknowledged nothing for ${STALL_MS / 1000} s`)))
    }, STALL_MS)
    await this.#wake.sleep()
    cancel()
  }

  #onFrame(frame: Frame): void {
    if (this.#ending !== undefined) return
    const {type} = frame
    if (type === 'auth_success') this.#open(true)
    else if (type === 'message_sent') this.#onSent(frame.data)
    else if (type === 'error' || type === 'auth_error') this.#onError(frame)
  }

  #onSent({metadata, message_id: messageId, id = messageId}: Frame['data']): void {
    const window = this.#window
    const {client_id: clientId} = Object(metadata) as {client_id?: unknown}
    if (typeof id !== 'number') return
    const [probe = ''] = window.inFlight.keys()
    const isBare = clientId === undefined && !window.proven
    const pending = window.remove(isBare ? probe : String(clientId))
    if (pending === undefined) return
    // Without its metadata no message could be found again: such a server gets the rest over REST.
    if (isBare) this.#unfit = true
    else window.proven = true
    this.#sender.arrived(pending, id)
    this.#wake.call()
  }

  /** Answers one of the messages, and does not say which: the pong to a ping behind all of them shows what is left. */
  #onError(frame: Frame): void {
    const refusal = refusalOf(frame, () => true, true)
    if (frame.type === 'auth_error' || refusal?.code === 'signed_out') {
      this.#stop(endingOfError(refusal))
      return
    }
    if (this.#window.inFlight.size === 0) return
    if (frame.data.code === 'RATE_LIMIT_EXCEEDED') this.#unfit = true
    if (refusal !== undefined) this.#mustJoin = true
    if (this.#window.refuse() === 1) this.#connection.ping('drain')
  }

  #onPong(payload: string): void {
    if (payload === 'drain') this.#drained()
    if (payload !== 'auth') return
    // A server that has acknowledged before does so again.
    const graceMs = this.#window.proven ? STALL_MS : AUTH_GRACE_MS
    this.#cancels.push(this.#timers.setTimer(() => this.#open(false), graceMs))
  }

  /** Every message has its answer. Where answers and messages do not match, history has to tell. */
  #drained(): void {
    const window = this.#window
    const refused = window.drain()
    if (refused === undefined) {
      this.#stop(endingOfError(lost('the server has not answered every message')))
      return
    }
    if (this.#mustJoin && !window.joins) {
      window.joins = true
      this.#connection.send(encodeFrame('join_room', {room_id: this.#sender.place.id}))
    } else {
      // REST says clearly what is wrong with each.
      for (const pending of refused) pending.alone = true
      this.#unfit ||= this.#mustJoin
    }
    this.#mustJoin = false
    this.#sender.queue.back(refused)
    this.#wake.call()
  }

  /** The command ends: nothing more is sent, acknowledgements may come for a while. */
  #sayFarewell(reason: unknown): void {
    this.#sender.results.end(reason)
    this.#cancels.push(this.#timers.setTimer(() => this.#stop(endingOfError(reason)), FAREWELL_MS))
    this.#open(false)
    this.#wake.call()
  }

  #stop(ending: Ending): void {
    this.#ending ??= ending
    this.#open(false)
    this.#wake.call()
  }
}

function lost(what: string): VezaError {
  return new VezaError('unreachable', what, {mayHaveActed: true})
}
