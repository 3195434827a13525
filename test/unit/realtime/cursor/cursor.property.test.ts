import fc from 'fast-check'
import {expect, it} from 'vitest'
import {Cursor} from '../../../../src/lib/realtime/cursor/cursor.js'

const OWNER = {server: 'http://localhost:8080'}
const CHANNEL = {kind: 'room', id: 1} as const

/** A room as a feed gives it out: ids become visible nearly in order, a checkpoint comes only when it is true. */
class Model {
  /** What the channel was to give out from its beginning. */
  readonly wanted: ReadonlySet<number>
  readonly open: number[] = []
  readonly done = new Set<number>()
  cursor = new Cursor(OWNER)
  /** Everything above it was promised; undefined until the first message. */
  floor: number | undefined
  #ids: readonly number[]
  #next = 0

  constructor(ids: readonly number[], beginning: number | undefined) {
    this.#ids = ids
    this.wanted = new Set(ids)
    this.floor = beginning
    if (beginning !== undefined) this.cursor.checkpoint(CHANNEL, beginning)
  }

  /** What was promised and has not been taken. */
  get toCome(): number[] {
    return this.#ids.slice(this.#next).filter(id => id > (this.floor ?? Number.POSITIVE_INFINITY))
  }

  take(): void {
    const id = this.#ids[this.#next]
    if (id === undefined) return
    this.#next += 1
    this.open.push(id)
    this.floor ??= id - 1
    this.cursor.taken(CHANNEL, id)
  }

  finish(pick: number): void {
    const [id] = this.open.splice(pick % Math.max(1, this.open.length), 1)
    if (id === undefined) return
    this.done.add(id)
    this.cursor.done(CHANNEL, id)
  }

  /** The highest id below which nothing comes any more. */
  checkpoint(): void {
    const lowestToCome = Math.min(...this.#ids.slice(this.#next))
    const highestTaken = Math.max(0, ...this.#ids.slice(0, this.#next))
    if (highestTaken > 0) this.cursor.checkpoint(CHANNEL, Math.min(lowestToCome - 1, highestTaken))
  }

  /** What a later run would give out of all there is. */
  again(): number[] {
    const start = Cursor.parse(this.cursor.render(), 'x', OWNER).start(CHANNEL)
    if (start === undefined) return [...this.wanted]
    return [...this.wanted].filter(id => id > start.afterId && !start.delivered.includes(id))
  }

  /** A kill and a new run, to which what was open comes again, lowest first, before the rest. */
  restart(): void {
    const left = this.again().sort((a, b) => a - b)
    this.cursor = Cursor.parse(this.cursor.render(), 'x', OWNER)
    this.open.length = 0
    this.#ids = left
    this.#next = 0
  }
}

const step = fc.oneof(
  {weight: 6, arbitrary: fc.constant({what: 'take'} as const)},
  {weight: 5, arbitrary: fc.record({what: fc.constant('finish' as const), pick: fc.nat(5)})},
  {weight: 1, arbitrary: fc.constant({what: 'checkpoint'} as const)},
  {weight: 1, arbitrary: fc.constant({what: 'restart'} as const)},
)

/** Ids of a room, some a few places too late, among ids of other rooms. */
const ids = fc.uniqueArray(fc.integer({min: 1, max: 120}), {minLength: 1, maxLength: 40}).chain(unordered => {
  const ascending = [...unordered].sort((a, b) => a - b)
  const lateness = fc.array(fc.nat(4), {minLength: ascending.length, maxLength: ascending.length})
  return lateness.map(late =>
    ascending
      .map((id, nth) => ({id, at: nth + (late[nth] ?? 0)}))
      .sort((a, b) => a.at - b.at)
      .map(({id}) => id),
  )
})

it.each([
  ['a beginning', 0],
  ['none, as with --last', undefined],
  ['a beginning that some come too late for', 60],
])('a cursor with %s has a later run give out all that is not done, and nothing that is', (_, beginning) => {
  fc.assert(
    fc.property(ids, fc.array(step, {maxLength: 150}), (given, steps) => {
      const model = new Model(given, beginning)
      for (const {what, ...about} of steps) {
        if (what === 'finish') model.finish('pick' in about ? about.pick : 0)
        else model[what]()
        const again = model.again()
        // Nothing twice, and nothing lost of what is open and what is to come.
        expect(again.filter(id => model.done.has(id))).toEqual([])
        expect(again).toEqual(expect.arrayContaining([...model.open, ...model.toCome]))
      }
    }),
    {numRuns: 300},
  )
})
