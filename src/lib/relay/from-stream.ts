import {createHash} from 'node:crypto'
import {VezaError} from '../errors/veza-error.js'
import type {Redis} from '../state/redis/client.js'
import type {RedisValue, Script} from '../state/redis/script.js'
import {BURY, NEXT, OPEN} from './consumer-scripts.js'
import type {EntryFields} from './outgoing.js'

/** The stream that is read, and as whom. */
export interface StreamPlace {
  readonly stream: string
  /** The consumer group; it belongs to relays alone. */
  readonly group: string
  /** This member, as the group's consumer. */
  readonly consumer: string
  /** The stream for what cannot be sent. */
  readonly deadLetters: string
  /** The hash with the identity of the deliveries and, for each room, the last message sent. */
  readonly stateKey: string
  /** The hash with the leases of the members, and in it the one for this stream. */
  readonly leasesKey: string
  readonly lease: string
}

/** An entry that is to be sent. */
export interface StreamEntry {
  readonly id: string
  /** Undefined where it was trimmed away after it was given out, and is lost. */
  readonly fields: EntryFields | undefined
  /** Somebody was given it so long ago and may have sent it; undefined where nobody had it before. */
  readonly heldMs: number | undefined
  /** Whether all of it is UTF-8, so that what is told here is what Redis has. */
  readonly isText: () => boolean
}

/** What comes next from a stream. `fenced`: another member has the lease; `gone`: there is no such group any more. */
export type Next =
  | {readonly kind: 'entry'; readonly entry: StreamEntry; readonly waiting: number}
  | {readonly kind: 'none'; readonly lastId: string; readonly waiting: number}
  | {readonly kind: 'fenced'}
  | {readonly kind: 'gone'}

/** An entry that has arrived. */
export interface Done {
  readonly id: string
  readonly roomId: number
  readonly messageId: number
}

/**
 * A stream as the one member reads it who has its lease. Every call is refused once another has it, and may be repeated
 * where its answer was lost. They throw what Redis does: see `isAway` and `isFull`.
 */
export class StreamReader {
  readonly #redis: Pick<Redis, 'run' | 'call'>
  readonly #place: StreamPlace
  #identity: string | undefined
  /** Up to here everything is done. */
  #doneId = ''

  constructor(redis: Pick<Redis, 'run' | 'call'>, place: StreamPlace) {
    this.#redis = redis
    this.#place = place
  }

  /** Tells the deliveries of this group from those of one of the same name before a FLUSHALL; known once it was opened. */
  get identity(): string {
    if (this.#identity === undefined) throw new Error('the group was not opened')
    return this.#identity
  }

  /**
   * Makes the group where there is none, at its end or its begin.
   * @throws {VezaError} `usage` where the key is no stream.
   */
  async open(from: 'begin' | 'end', freshIdentity: string): Promise<void> {
    const {stream, stateKey, group} = this.#place
    const start = from === 'begin' ? '0' : '$'
    const keys = [stream, stateKey]
    const answer = listOf(await this.#redis.run(OPEN, keys, [group, start, freshIdentity, this.#doneId]))
    if (answer[0] === 'foreign')
      throw new VezaError('usage', `the key ${stream} of Redis is no stream`, {
        hint: 'name the key of a stream, or one that does not exist yet',
      })
    this.#identity = textOf(answer[1])
    this.#doneId = textOf(answer[2])
  }

  /**
   * Acknowledges what is done, and gives the next entry.
   * @param token of the lease
   */
  async next(token: number, done?: Done): Promise<Next> {
    const [kind, lastId, waiting, ...entry] = await this.#step(token, done, true)
    if (kind === 'fenced' || kind === 'gone') return {kind}
    if (kind === 'none') {
      this.#doneId = textOf(lastId)
      return {kind, lastId: this.#doneId, waiting: countOf(waiting)}
    }
    if (done !== undefined) this.#doneId = done.id
    return {kind: 'entry', entry: entryOf(entry), waiting: countOf(waiting)}
  }

  /** Acknowledges what is done, and wants no more. Resolves to whether the lease was still ours. */
  async finish(token: number, done: Done): Promise<boolean> {
    const [kind] = await this.#step(token, done, false)
    return kind !== 'fenced'
  }

  /**
   * Moves an entry to the dead letters.
   * @param tries how often it was sent in vain
   */
  async bury(token: number, id: string, reason: string, tries: number): Promise<'ok' | 'fenced' | 'gone'> {
    const {stream, deadLetters, group} = this.#place
    const [kind] = await this.#run(BURY, deadLetters, token, [group, id, stream, reason, tries])
    if (kind === 'fenced' || kind === 'gone') return kind
    this.#doneId = id
    return 'ok'
  }

  /** The last message that was sent from this stream to a room; 0 where there is none. */
  async lastMessageId(roomId: number): Promise<number> {
    const id = await this.#redis.call(['HGET', this.#place.stateKey, lastField(roomId)])
    return id === null ? 0 : countOf(id)
  }

  #step(token: number, done: Done | undefined, wantsMore: boolean): Promise<readonly RedisValue[]> {
    const {group, consumer, stateKey} = this.#place
    const noted = done === undefined ? ['', '', ''] : [done.id, lastField(done.roomId), done.messageId]
    return this.#run(NEXT, stateKey, token, [group, consumer, ...noted, wantsMore ? 1 : 0])
  }

  async #run(
    script: Script,
    key: string,
    token: number,
    args: readonly (string | number)[],
  ): Promise<readonly RedisValue[]> {
    const {stream, leasesKey, lease, consumer} = this.#place
    const keys = [stream, key, leasesKey]
    return listOf(await this.#redis.run(script, keys, [lease, `${consumer} ${token}`, ...args]))
  }
}

function lastField(roomId: number): string {
  return `last:${roomId}`
}

function entryOf([id, idle, fields, digest]: readonly RedisValue[]): StreamEntry {
  const flat = fields === null || fields === undefined ? undefined : listOf(fields).map(textOf)
  const heldMs = countOf(idle)
  return {
    id: textOf(id),
    fields: flat && pairsOf(flat),
    heldMs: heldMs < 0 ? undefined : heldMs,
    isText: () =>
      flat !== undefined && createHash('sha1').update(flat.join('')).digest('hex') === textOf(digest),
  }
}

function pairsOf(flat: readonly string[]): EntryFields {
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([flat[at] ?? '', flat[at + 1] ?? ''])
  return pairs
}

function listOf(value: RedisValue | undefined): readonly RedisValue[] {
  if (Array.isArray(value)) return value
  throw new Error('Redis has answered a script with something else')
}

function textOf(value: RedisValue | undefined): string {
  return value === null || value === undefined ? '' : String(value)
}

function countOf(value: RedisValue | undefined): number {
  return Number(value ?? 0)
}
