import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {Message, Page} from '../../../src/contract/resources.js'
import {DeliveredIds} from '../../../src/lib/realtime/dedupe.js'
import {collectHistory} from '../../../src/lib/realtime/history.js'
import {Merge, type Start} from '../../../src/lib/realtime/merge.js'

const message = (id: number): Message => ({id, content: `message ${id}`})
const ids = (messages: readonly Message[]) => messages.map(({id}) => id)

/**
 * A server and a feed without sockets: `steps` says what happens next. Ids are taken in order of posting; the room holds
 * other ids between (those of other rooms). A broadcast may come late and more than once; it is lost when no connection
 * is there, which a later fill has to make good.
 */
class Model {
  readonly stored: number[] = []
  readonly out: number[] = []
  readonly fills: number[][] = []
  readonly merge: Merge
  joined = true
  #broadcasts: number[] = []

  constructor(start: Start, before: number) {
    // Generations small enough to turn over within a run, and larger than any disorder here.
    this.merge = new Merge(start, new DeliveredIds(120))
    for (let id = 10; id <= before * 10; id += 10) this.stored.push(id)
  }

  post(copies: number): void {
    const id = (this.stored.at(-1) ?? 0) + 10
    this.stored.push(id)
    if (this.joined) for (let copy = 0; copy < copies; copy += 1) this.#broadcasts.push(id)
  }

  /** Hands over one broadcast: the oldest, or one of the next. */
  arrive(skip: number): void {
    const [id] = this.#broadcasts.splice(Math.min(skip, this.#broadcasts.length - 1), 1)
    if (id !== undefined && this.merge.live(message(id))) this.out.push(id)
  }

  drop(): void {
    this.joined = false
    this.#broadcasts = []
    this.merge.cut()
  }

  async connect(during: readonly (() => void)[], fails: boolean, joined = true): Promise<void> {
    this.joined = joined
    const moves = [...during]
    const read = async ({limit, beforeId = Number.POSITIVE_INFINITY}: {limit: number; beforeId?: number}) => {
      const rows = this.stored.filter(id => id < beforeId).reverse()
      moves.shift()?.()
      const size = Math.min(limit, 7)
      return {items: rows.slice(0, size).map(message), has_more: rows.length > size}
    }
    const part = await collectHistory(read, this.merge.beginFill())
    for (const move of moves) move()
    if (fails) return this.drop()
    const {deliver, missed} = this.merge.endFill(part)
    this.fills.push(ids(missed))
    this.out.push(...ids(deliver))
  }

  drain(): void {
    while (this.#broadcasts.length > 0) this.arrive(0)
  }
}

type Step = {do: 'post'; copies: number} | {do: 'arrive'; skip: number} | {do: 'drop'}
const live: fc.Arbitrary<Step> = fc.oneof(
  {weight: 4, arbitrary: fc.record({do: fc.constant('post' as const), copies: fc.integer({min: 1, max: 3})})},
  {weight: 4, arbitrary: fc.record({do: fc.constant('arrive' as const), skip: fc.integer({min: 0, max: 3})})},
)
/** Messages before the start: small rooms are where the edges are. */
const room = fc.oneof(fc.constantFrom(0, 1), fc.integer({min: 0, max: 40}))
const session = fc.record({
  /** The pong came before the join was done: so many messages fall between the first fill and the join. */
  unheard: fc.option(fc.integer({min: 0, max: 15}), {nil: undefined}),
  fails: fc.boolean(),
  during: fc.array(live, {maxLength: 12}),
  after: fc.array(live, {maxLength: 40}),
  away: fc.oneof(
    {weight: 4, arbitrary: fc.integer({min: 0, max: 30})},
    {weight: 1, arbitrary: fc.integer({min: 200, max: 400})},
  ),
})

function play(model: Model, step: Step): void {
  if (step.do === 'post') model.post(step.copies)
  else if (step.do === 'arrive') model.arrive(step.skip)
  else model.drop()
}

interface Session {
  unheard: number | undefined
  fails: boolean
  during: Step[]
  after: Step[]
  away: number
}

/** Runs sessions one after the other; between two, messages are posted that nobody hears. The last one stays. */
async function run(model: Model, sessions: readonly Session[]) {
  for (const {unheard, fails, during, after, away} of sessions) {
    if (unheard !== undefined) await model.connect([], false, false)
    for (let n = 0; n < (unheard ?? 0); n += 1) model.post(0)
    const moves = during.map(step => () => play(model, step))
    await model.connect(moves, fails)
    if (!fails) for (const step of after) play(model, step)
    model.drop()
    for (let n = 0; n < away; n += 1) model.post(0)
  }
  await model.connect([], false)
  model.drain()
}

describe('Merge', () => {
  it('delivers each message after an id exactly once, history ascending, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(session, {maxLength: 6}), room, async (sessions, before) => {
        const model = new Model({last: 0, afterId: Math.floor(before / 2) * 10}, before)
        await run(model, sessions)
        expect([...model.out].sort((a, b) => a - b)).toEqual(
          model.stored.filter(id => id > Math.floor(before / 2) * 10),
        )
        for (const fill of model.fills) expect(fill).toEqual([...fill].sort((a, b) => a - b))
      }),
      {numRuns: 250},
    )
  })

  it('without an id starts at the last messages and then misses none and repeats none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(session, {maxLength: 6}),
        room,
        fc.integer({min: 0, max: 20}),
        async (sessions, before, last) => {
          const model = new Model({last}, before)
          await run(model, sessions)
          const out = [...model.out].sort((a, b) => a - b)
          const first = out[0] ?? Number.POSITIVE_INFINITY
          expect(out).toEqual(model.stored.filter(id => id >= first))
          expect(out.length).toBeGreaterThanOrEqual(Math.min(last, before))
        },
      ),
      {numRuns: 250},
    )
  })

  it('begins with the last messages of history, then what came meanwhile, then live', async () => {
    const model = new Model({last: 3}, 20)
    await model.connect([() => play(model, {do: 'post', copies: 2}), () => model.arrive(0)], false)
    model.drain()
    expect(model.out).toEqual([180, 190, 200, 210])
    expect(model.merge.duplicates).toBe(1)
  })

  it('starts where it was when the first connection broke before the fill was done', async () => {
    const model = new Model({last: 2}, 20)
    await model.connect([() => model.post(1), () => model.arrive(0)], true)
    for (let n = 0; n < 3; n += 1) model.post(0)
    await model.connect([], false)
    expect(model.out).toEqual([190, 200, 210, 220, 230, 240])
  })

  it('fetches a message that was late when the connection broke', async () => {
    const model = new Model({last: 0}, 20)
    await model.connect([], false)
    model.post(1)
    model.post(1)
    model.arrive(1)
    model.drop()
    await model.connect([], false)
    expect(model.out).toEqual([220, 210])
  })

  it('fills a gap larger than all it remembers', async () => {
    const model = new Model({last: 0}, 1)
    await model.connect([], false)
    model.drop()
    for (let n = 0; n < 1000; n += 1) model.post(0)
    await model.connect([], false)
    expect(model.out).toEqual(model.stored.slice(1))
  })

  it('holds nothing over a broken connection, however often the fill fails', () => {
    const model = new Model({last: 0}, 20)
    model.merge.beginFill()
    model.merge.live(message(210))
    expect(model.merge.held).toBe(1)
    model.merge.cut()
    expect(model.merge.held).toBe(0)
  })

  it('asks of history no more than it needs', async () => {
    const limits: number[] = []
    const page: Page<Message> = {items: [message(500)], has_more: true}
    const read = async ({limit}: {limit: number}) => {
      limits.push(limit)
      return page
    }
    await collectHistory(read, new Merge({last: 0}).beginFill())
    await collectHistory(read, new Merge({last: 1}).beginFill())
    await collectHistory(read, new Merge({last: 0, afterId: 500}).beginFill())
    expect(limits).toEqual([1, 1, 100])
  })
})

describe('collectHistory', () => {
  it('ends at a server that gives the same page again, and says that the rest is missing', async () => {
    let calls = 0
    const read = async () => {
      calls += 1
      return {items: [message(30), message(20)], has_more: true}
    }
    const part = await collectHistory(read, new Merge({last: 0, afterId: 5}).beginFill())
    expect(part).toMatchObject({newestId: 30, complete: false})
    expect([ids(part.messages), calls]).toEqual([[30, 20], 2])
  })

  it('reads a page in any order', async () => {
    const read = async () => ({items: [message(20), message(40), message(30)], has_more: false})
    const part = await collectHistory(read, new Merge({last: 2}).beginFill())
    expect([ids(part.messages), part.newestId]).toEqual([[40, 30], 40])
  })
})
