/** A message as the server has it. */
export interface Truth {
  readonly roomId: number
  readonly content: string
}

/** An entry of the stream, in the order of the stream. */
export interface Entry {
  readonly id: number
  readonly roomId: number
  readonly content: string
  /** Came behind messages with higher ids, and says so. */
  readonly isLate: boolean
}

/** What is wrong with a stream. Nothing is, if all lists are empty. */
export interface Verdict {
  readonly lost: readonly number[]
  readonly twice: readonly number[]
  /** Not of the server's history, in another room or with other words. */
  readonly wrong: readonly number[]
  /** Behind a higher id of the same room without saying that it is late. */
  readonly unordered: readonly number[]
}

/** Each message of the server once, and nothing else; room by room in order. */
export function judge(truth: ReadonlyMap<number, Truth>, entries: readonly Entry[]): Verdict {
  const seen = new Set<number>()
  const twice: number[] = []
  const wrong: number[] = []
  const unordered: number[] = []
  const highest = new Map<number, number>()
  for (const {id, roomId, content, isLate} of entries) {
    const stored = truth.get(id)
    if (seen.has(id)) twice.push(id)
    else if (stored?.roomId !== roomId || stored.content !== content) wrong.push(id)
    seen.add(id)
    const before = highest.get(roomId) ?? 0
    if (id < before && !isLate) unordered.push(id)
    highest.set(roomId, Math.max(before, id))
  }
  return {lost: [...truth.keys()].filter(id => !seen.has(id)), twice, wrong, unordered}
}

const SHOWN_IDS = 10

/** A verdict in words, a line each; none where all is well. */
export function faultsOf(verdict: Verdict): string[] {
  return Object.entries(verdict)
    .filter(([, ids]: [string, readonly number[]]) => ids.length > 0)
    .map(([what, ids]: [string, readonly number[]]) => {
      const more = ids.length > SHOWN_IDS ? ', ...' : ''
      return `${ids.length} ${what}: ${ids.slice(0, SHOWN_IDS).join(', ')}${more}`
    })
}
