/** Older ones are forgotten: who answers does so soon. */
const MOST_KEPT = 1000

/** The bot's own messages of late, so that it knows who answers them: another bot would do so for ever. */
export class OwnMessages {
  readonly #ids = new Set<number>()

  add(id: number): void {
    this.#ids.add(id)
    if (this.#ids.size <= MOST_KEPT) return
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest)
      return
    }
  }

  /** Whether a message is a reply to one of them. */
  isRepliedBy({parent_id}: {readonly parent_id?: number | null | undefined}): boolean {
    return typeof parent_id === 'number' && this.#ids.has(parent_id)
  }
}
