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
  #saving: Promise<void> | undefined

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

  /** Resolves when Redis has all that has changed, or all trying has ended. */
  async saved(): Promise<void> {
    while (this.#saving !== undefined) await this.#saving
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const {effects, onFailure, signal} = this.#options
    // What has changed in the same breath is saved together.
    await Promise.resolve()
    try {
      while (this.#changed.size > 0 && !signal.aborted) {
        await this.#save([...this.#changed])
        await effects.sleep(SAVE_EVERY_MS, signal).catch(() => undefined)
      }
    } catch (error) {
      onFailure(error)
    }
    this.#saving = undefined
  }

  async #save(channels: readonly SavedChannel[]): Promise<void> {
    const {onChange, onFenced, store} = this.#options
    this.#changed.clear()
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
