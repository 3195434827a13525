import type {Channel} from '../../../realtime/channel.js'
import type {ChannelProgress} from '../../../realtime/cursor/channel-progress.js'
import {type Insistence, insist} from '../../../relay/insist.js'
import type {ChannelPart, ChannelStore} from '../../../state/redis/channel-store.js'
import type {Lease} from '../../../state/redis/cluster-store.js'
import {progressText} from './channel-text.js'

/** Between two saves, so that a flood of answers is none of saves. */
const SAVE_EVERY_MS = 100

/** A channel as it is kept in Redis. */
export interface SavedChannel {
  readonly lease: Lease
  readonly channel: Channel
  readonly progress: ChannelProgress
  /** Messages that are done since the last save. */
  done: number[]
  /** Redis knows how far it is. */
  isKnown: boolean
}

/** What a saver needs, and whom it tells. */
export interface ChannelSaverOptions extends Insistence {
  readonly store: Pick<ChannelStore, 'save'>
  readonly onChange: () => void
  /** Another member has the channel by now. */
  readonly onFenced: (lease: Lease) => void
  readonly onFailure: (error: unknown) => void
}

/** Keeps in Redis how far channels are: what has changed, at once or 100 ms after the last save, until Redis takes it. */
export class ChannelSaver {
  readonly #options: ChannelSaverOptions
  readonly #changed = new Set<SavedChannel>()
  /** What is being saved. */
  #underWay: ReadonlySet<SavedChannel> = new Set()
  #saving: Promise<void> | undefined
  /** A save, and the wait behind it. */
  #round: Promise<unknown> | undefined

  constructor(options: ChannelSaverOptions) {
    this.#options = options
  }

  /** It is to be saved. */
  changed(channel: SavedChannel): void {
    this.#changed.add(channel)
    this.#saving ??= this.#run()
  }

  /** It is another member's. */
  forget(channel: SavedChannel): void {
    this.#changed.delete(channel)
  }

  /** Resolves when Redis has all that has changed of these, or all trying has ended; others may go on changing. */
  async saved(channels: readonly SavedChannel[]): Promise<void> {
    const isOpen = (): boolean =>
      channels.some(channel => this.#changed.has(channel) || this.#underWay.has(channel))
    while (this.#saving !== undefined && isOpen()) await this.#round
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const {onFailure, signal} = this.#options
    // What has changed in the same breath is saved together.
    await Promise.resolve()
    let isSaved = true
    while (isSaved && this.#changed.size > 0 && !signal.aborted) {
      this.#round = this.#saveAll().catch(onFailure)
      isSaved = (await this.#round) === true
    }
    this.#saving = undefined
  }

  /** Saves what has changed, and waits for more. */
  async #saveAll(): Promise<true> {
    const {effects, signal} = this.#options
    this.#underWay = new Set(this.#changed)
    this.#changed.clear()
    try {
      await this.#save([...this.#underWay])
    } finally {
      this.#underWay = new Set()
    }
    await effects.sleep(SAVE_EVERY_MS, signal).catch(() => undefined)
    return true
  }

  async #save(channels: readonly SavedChannel[]): Promise<void> {
    const {onChange, onFenced, store} = this.#options
    const parts = channels.flatMap(channel => partOf(channel))
    const answers = parts.length === 0 ? [] : await insist(() => store.save(parts), this.#options)
    for (const [at, isKept] of (answers ?? []).entries()) {
      const part = parts[at]
      const channel = channels.find(({lease}) => lease === part?.lease)
      if (part === undefined || channel === undefined) continue
      if (isKept) channel.isKnown = true
      else onFenced(channel.lease)
    }
    onChange()
  }
}

/** None where nothing is known yet. */
function partOf(channel: SavedChannel): readonly ChannelPart[] {
  const {lease, progress} = channel
  if (progress.progress === undefined) return []
  const done = channel.done
  channel.done = []
  return [{lease, text: progressText(progress.progress), done}]
}
