import {setTimeout as sleep, setImmediate as turn} from 'node:timers/promises'
import type {Dice} from './dice.js'
import {type Outgoing, restSender, type Sender, socketSender} from './sender.js'

/** Who sends how much, and where to. */
export interface LoadOptions {
  readonly url: string
  /** A room that is named more often gets more. */
  readonly rooms: readonly number[]
  readonly messages: number
  readonly dice: Dice
  /** Told after each burst how many were given to senders so far. */
  readonly onProgress?: (taken: number) => void
  /** While this is false nothing more is sent. */
  readonly mayGoOn?: (taken: number) => boolean
  /** Ends it before all is sent. */
  readonly isOver?: () => boolean
}

const LONGEST_BURST = 40
const LONGEST_CONTENT = 120

/**
 * Sends messages by REST and WebSocket at once, two senders each, in bursts of random length. What each says, where it goes and
 * how long the bursts are follows from the dice; who is faster does not.
 */
export async function runLoad(options: LoadOptions): Promise<void> {
  const {url} = options
  const senders = [
    restSender(url, 'bob'),
    socketSender(url, 'bob'),
    restSender(url, 'bot'),
    socketSender(url, 'admin'),
  ]
  const work = new Work(options)
  try {
    await Promise.all(senders.map(sender => work.giveTo(sender)))
  } finally {
    for (const sender of senders) sender.close()
  }
}

class Work {
  readonly #options: LoadOptions
  #taken = 0

  constructor(options: LoadOptions) {
    this.#options = options
  }

  async giveTo(sender: Sender): Promise<void> {
    const {mayGoOn = () => true, isOver = () => false, onProgress, messages} = this.#options
    while (this.#taken < messages && !isOver()) {
      if (mayGoOn(this.#taken)) {
        const burst = this.#burst()
        onProgress?.(this.#taken)
        await sender.send(burst, isOver)
        await turn()
      } else {
        await sleep(2)
      }
    }
  }

  #burst(): Outgoing[] {
    const {dice, rooms, messages} = this.#options
    const size = Math.min(dice.between(1, LONGEST_BURST), messages - this.#taken)
    return Array.from({length: size}, () => {
      this.#taken += 1
      const words = 'x'.repeat(dice.between(0, LONGEST_CONTENT))
      return {roomId: dice.of(rooms), content: `${this.#taken} ${words}"\\\n☂`}
    })
  }
}
