import {type Channel, channelKey} from '../../realtime/channel.js'
import type {Target} from './outbox-types.js'

/** The places of a flush: where each target is, and which places wait for a message that cannot be sent now. */
export class Places {
  readonly #resolve: (target: Target) => Promise<Channel>
  readonly #found = new Map<string, Channel>()
  readonly #heldPlaces = new Set<string>()
  readonly #heldKinds = new Set<Target['kind']>()

  constructor(resolve: (target: Target) => Promise<Channel>) {
    this.#resolve = resolve
  }

  /** The place of a target, asked for once; undefined where it is held back. Throws what `resolve` throws. */
  async find(target: Target): Promise<Channel | undefined> {
    if (this.#heldKinds.has(target.kind)) return undefined
    const key = JSON.stringify(target)
    const place = this.#found.get(key) ?? (await this.#resolve(target))
    this.#found.set(key, place)
    return this.#heldPlaces.has(channelKey(place)) ? undefined : place
  }

  /** Holds back all that goes where this target goes: as long as that is not known, it may be any place of its kind. */
  hold(target: Target): void {
    const place = this.#found.get(JSON.stringify(target))
    if (place === undefined) this.#heldKinds.add(target.kind)
    else this.#heldPlaces.add(channelKey(place))
  }
}
