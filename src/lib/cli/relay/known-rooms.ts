import {type Channel, channelKey} from '../../realtime/channel.js'
import type {Context} from '../context.js'
import {type Followed, followRooms} from '../tail/channels.js'

/** How often it is asked which rooms the account has joined. */
const LOOK_EVERY_MS = 30_000

/** The rooms that a group relays between them: those that were named, or all that the account has joined. */
export class KnownRooms {
  readonly #followed: Followed
  #names: readonly string[]
  /** Rooms that the server has refused, until it does not list them any more. */
  readonly #refused = new Set<string>()

  private constructor(followed: Followed) {
    this.#followed = followed
    this.#names = followed.channels.map(channelKey)
  }

  /** @throws {VezaError} `not_found` for a name no room has. */
  static async open(context: Context, rooms: readonly string[]): Promise<KnownRooms> {
    return new KnownRooms(await followRooms(context, rooms, rooms.length === 0))
  }

  /** Channels that are found already. */
  static of(followed: Followed): KnownRooms {
    return new KnownRooms(followed)
  }

  /** As leases name them, without those that were refused. */
  get names(): readonly string[] {
    return this.#names
  }

  /** Whether rooms come and go with the account; named ones are wanted, whatever becomes of them. */
  get areAll(): boolean {
    return this.#followed.discover !== undefined
  }

  /** What is known of the rooms, for notices. */
  get followed(): Followed {
    return this.#followed
  }

  /** The server does not let the account read a room. */
  refused(channel: Channel): void {
    const name = channelKey(channel)
    this.#refused.add(name)
    this.#names = this.#names.filter(other => other !== name)
  }

  /** Looks every 30 s for rooms that are new, or gone, until the signal is aborted. Never rejects. */
  async keepUp(
    sleep: (delayMs: number, signal: AbortSignal) => Promise<void>,
    {out, signal}: Pick<Context, 'out' | 'signal'>,
  ): Promise<void> {
    const {discover} = this.#followed
    while (discover !== undefined && !signal.aborted) {
      await sleep(LOOK_EVERY_MS, signal).catch(() => undefined)
      if (signal.aborted) return
      try {
        this.#found((await discover(signal)).map(channelKey))
      } catch {
        if (!signal.aborted) out.verbose('the rooms of the account cannot be listed now')
      }
    }
  }

  #found(names: readonly string[]): void {
    const listed = new Set(names)
    for (const name of this.#refused) if (!listed.has(name)) this.#refused.delete(name)
    this.#names = names.filter(name => !this.#refused.has(name))
  }
}
