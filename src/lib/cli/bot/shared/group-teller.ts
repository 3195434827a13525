import type {Cluster} from '../../../cluster/cluster.js'
import type {Printer} from '../../../output/printer.js'
import {counted} from '../../ending.js'
import type {KnownRooms} from '../../relay/known-rooms.js'
import type {SharedChannels} from './shared-channels.js'

/** What there is to tell of a group, and to whom. */
export interface GroupTellerOptions {
  readonly out: Pick<Printer, 'notice'>
  readonly channels: Pick<SharedChannels, 'areKnown' | 'size'>
  readonly cluster: Pick<Cluster, 'members'>
  readonly known: Pick<KnownRooms, 'names'>
}

/** Tells on stderr which share of the channels a bot has. */
export class GroupTeller {
  readonly #options: GroupTellerOptions
  #onReady: (() => void) | undefined
  #told = ''

  constructor(options: GroupTellerOptions) {
    this.#options = options
  }

  /** Calls `tell` once every message from then on will be answered: here, or by another member that has the channel. */
  whenReady(tell: () => void): void {
    this.#onReady = tell
    this.changed()
  }

  /** The share has changed, Redis knows more of it, or a beat has come. */
  changed(): void {
    if (this.#onReady === undefined || !this.#isSettled) return
    const share = this.#share
    if (share === this.#told) return
    if (this.#told === '') this.#onReady()
    this.#told = share
    this.#options.out.notice(share, {event: 'share', channels: this.#options.channels.size})
  }

  /** A member that is alone takes all there is; one of several may be given nothing yet. */
  get #isSettled(): boolean {
    const {channels, cluster, known} = this.#options
    if (cluster.members === 0 || !channels.areKnown) return false
    return channels.size > 0 || cluster.members > 1 || known.names.length === 0
  }

  get #share(): string {
    const {channels, cluster, known} = this.#options
    const members = cluster.members === 1 ? 'the only member' : `one of ${cluster.members} members`
    return `answering ${channels.size} of ${counted(known.names.length, 'channel')}, ${members}`
  }
}
