/** What bots have told so far, for whoever waits for it. */
export class Watch {
  /** Messages that they have told of. */
  readonly told = new Set<number>()
  readonly #watchers = new Set<() => void>()
  #failure: string | undefined

  /** Resolves once something holds; rejects when a bot has ended by itself. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.#failure !== undefined) reject(new Error(this.#failure))
        else if (!holds()) return
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
      look()
    })
  }

  /** Something has changed. */
  look(): void {
    for (const watcher of this.#watchers) watcher()
  }

  fail(text: string): void {
    this.#failure ??= text
    this.look()
  }
}
