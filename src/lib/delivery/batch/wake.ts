/** Lets a loop sleep until something has happened; what happens while it is awake is not missed. */
export class Wake {
  #due = false
  #resolve: (() => void) | undefined

  /** Something has happened. */
  call(): void {
    this.#due = true
    this.#resolve?.()
  }

  /** Resolves at the next call, at once where there was one since the last time. For one sleeper. */
  async sleep(): Promise<void> {
    if (!this.#due) {
      await new Promise<void>(resolve => {
        this.#resolve = resolve
      })
    }
    this.#resolve = undefined
    this.#due = false
  }
}
