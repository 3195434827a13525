import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {endingOfClosure, endingOfError} from '../../../../src/lib/realtime/reconnect/reconnect.js'
import {
  type ConnectionEvent,
  type SessionEnd,
  type SuperviseOptions,
  supervise,
} from '../../../../src/lib/realtime/reconnect/supervise.js'

const dead = {proven: false, live: false}
const fine = {proven: true, live: true}
const absent: SessionEnd = {...endingOfError(new VezaError('unreachable', 'refused')), ...dead}
const closed = (code: number, shown: {proven: boolean; live: boolean}): SessionEnd => ({
  ...endingOfClosure({code, reason: ''}),
  ...shown,
})
const failed = (error: VezaError, shown = dead): SessionEnd => ({...endingOfError(error), ...shown})

/** Runs attempts that end as told, one after the other and each after `lastsMs`; the last end is an abort of the signal. */
async function run(
  ends: readonly (SessionEnd & {lastsMs?: number})[],
  options: Partial<SuperviseOptions> = {},
  random = () => 0.5,
) {
  const abort = new AbortController()
  const log = {slept: [] as number[], refused: [] as boolean[], events: [] as ConnectionEvent[], now: 0}
  const rest = [...ends]
  const error = await supervise({
    attempt: async ({tokenRefused}) => {
      log.refused.push(tokenRefused)
      const {lastsMs = 10, ...end} = rest.shift() ?? {...absent, lastsMs: 10}
      log.now += lastsMs
      if (rest.length === 0) abort.abort()
      return end
    },
    effects: {
      now: () => log.now,
      random,
      sleep: async delayMs => {
        log.slept.push(delayMs)
        log.now += delayMs
      },
    },
    signal: abort.signal,
    onEvent: event => void log.events.push(event),
    ...options,
  }).catch(reason => reason)
  return {...log, error, attempts: log.refused.length}
}

const times = <T>(count: number, end: T): T[] => Array.from({length: count}, () => end)

describe('supervise', () => {
  it('tells what ended, and when the next attempt comes', async () => {
    const {events, slept, error} = await run([closed(1012, fine), absent, absent])
    expect(error).toBeUndefined()
    expect(events).toEqual([
      {type: 'disconnected', error: expect.any(VezaError), closeCode: 1012},
      {type: 'reconnecting', attempt: 1, delayMs: 500, error: expect.any(VezaError), closeCode: 1012},
      {type: 'reconnecting', attempt: 2, delayMs: 1000, error: absent.error},
    ])
    expect(slept).toEqual([500, 1000])
  })

  it('tries twice more before the server was live once, or as often as told', async () => {
    expect(await run(times(9, absent))).toMatchObject({attempts: 3, error: absent.error})
    expect(await run(times(9, absent), {firstReconnects: 4})).toMatchObject({attempts: 5})
    expect(await run(times(9, absent), {maxReconnects: 6})).toMatchObject({attempts: 7})
    expect(await run([closed(1001, fine), ...times(9, absent)], {maxReconnects: 0})).toMatchObject({
      attempts: 1,
    })
  })

  it('goes on without end once the server was live', async () => {
    expect(await run([closed(1006, fine), ...times(500, absent)])).toMatchObject({
      attempts: 501,
      error: undefined,
    })
  })

  it.each([
    ['nothing listens', absent],
    ['a proxy says 502', failed(new VezaError('server_error', 'x', {status: 502}))],
  ])('looks for a server each 4 s at most for 2 minutes, then less often: %s', async (_what, end) => {
    const {events} = await run([closed(1001, fine), ...times(80, end)], {}, () => 0.999)
    let at = 0
    const delays = events.flatMap(event => (event.type === 'reconnecting' ? [event.delayMs] : []))
    for (const delayMs of delays) {
      if (at < 120_000) expect(delayMs).toBeLessThan(4000)
      at += delayMs + 10
    }
    expect(delays.slice(0, 4).map(Math.round)).toEqual([999, 1998, 3996, 3996])
    expect(delays.at(-1)).toBeCloseTo(299_700)
  })

  it('is there within 4 s of the return of a server that was away for up to 2 minutes, whatever chance says', async () => {
    const away = fc.integer({min: 0, max: 120_000})
    const chance = fc.array(fc.double({min: 0, max: 0.999, noNaN: true}), {minLength: 1, maxLength: 20})
    await fc.assert(
      fc.asyncProperty(away, chance, async (returnsAt, chances) => {
        let draws = 0
        const random = () => chances[draws++ % chances.length] ?? 0
        // The clock at the start of the first attempt after the return, while it keeps failing.
        const starts: number[] = []
        const abort = new AbortController()
        let now = 0
        await supervise({
          attempt: async () => {
            starts.push(now)
            if (now > returnsAt) abort.abort()
            now += 1
            return starts.length === 1 ? closed(1012, fine) : absent
          },
          effects: {
            now: () => now,
            random,
            sleep: async delayMs => {
              now += delayMs
            },
          },
          signal: abort.signal,
          onEvent: () => {},
        })
        expect((starts.at(-1) ?? 0) - returnsAt).toBeLessThanOrEqual(4000)
      }),
      {numRuns: 50},
    )
  })

  it.each([
    ['a 500', failed(new VezaError('server_error', 'x', {status: 500}))],
    ['a 503 that says when', failed(new VezaError('server_error', 'x', {status: 503, retryAfterMs: 0}))],
    ['a 429', failed(new VezaError('rate_limited', 'x', {status: 429}))],
    ['close code 1013', closed(1013, dead)],
    ['close code 1001', closed(1001, dead)],
    ['a proxy that wants a password', failed(new VezaError('unreachable', 'x', {status: 407}))],
  ])('gives a server that answers with %s ever more time', async (_name, end) => {
    const {slept} = await run([closed(1001, fine), ...times(6, end)])
    expect(slept).toEqual([500, 1000, 2000, 4000, 8000, 16_000])
  })

  it('waits as long as the server asks, and goes on doubling then', async () => {
    const busy = failed(new VezaError('unreachable', 'x', {retryAfterMs: 10_000}))
    expect((await run([closed(1001, fine), busy, busy, busy, busy])).slept).toEqual([
      500, 11_000, 12_000, 14_000,
    ])
  })

  it('ends with what is final', async () => {
    const error = new VezaError('forbidden', 'no')
    expect(await run([closed(1001, fine), failed(error), absent])).toMatchObject({attempts: 2, error})
    expect(await run([{...endingOfError(new TypeError('bug')), ...fine}, absent])).toMatchObject({
      attempts: 1,
    })
  })

  it('throws what breaks the waiting, but not when it was ended', async () => {
    const sleep = async () => Promise.reject(new Error('no timers'))
    const effects = {now: () => 0, random: () => 0.5, sleep}
    expect((await run([absent, absent], {effects})).error).toMatchObject({message: 'no timers'})
    const abort = new AbortController()
    const ended = {...effects, sleep: async () => Promise.reject(abort.abort())}
    expect((await run([absent, absent], {effects: ended, signal: abort.signal})).error).toBeUndefined()
  })
})

describe('supervise counts from the last live session', () => {
  it('begins again after a session that was live', async () => {
    const {slept} = await run([absent, absent, closed(1006, fine), absent])
    expect(slept).toEqual([500, 1000, 500])
  })

  it('begins the 2 minutes of a restart again too', async () => {
    const {slept} = await run([
      closed(1006, fine),
      ...times(100, absent),
      closed(1006, fine),
      ...times(6, absent),
    ])
    expect(slept.slice(-6)).toEqual([500, 1000, 2000, 2000, 2000, 2000])
  })

  it('does not begin again for a connection that nothing has proven', async () => {
    const unproven = closed(1006, {proven: false, live: true})
    expect((await run([unproven, unproven, unproven, absent])).slept).toEqual([500, 1000, 2000])
  })

  it('does not begin again for a session that the server took and that ended before it was live, unless it lasted', async () => {
    const crash = closed(1011, {proven: true, live: false})
    expect((await run(times(5, crash))).slept).toEqual([500, 1000, 2000, 4000])
    const long = {...crash, lastsMs: 30_000}
    expect((await run(times(5, long))).slept).toEqual([500, 500, 500, 500])
  })

  it('gives up after as many failures in a row as told, not in all', async () => {
    const ends = [absent, closed(1006, fine), absent, closed(1006, fine), absent, absent, absent, absent]
    expect(await run(ends, {maxReconnects: 2})).toMatchObject({attempts: 6})
  })
})

describe('supervise and a refused token', () => {
  const refused = failed(new VezaError('signed_out', 'x'))

  it('asks once for another, at once, whatever the limit', async () => {
    const run1 = await run([refused, absent, closed(1006, fine), absent], {maxReconnects: 9})
    expect([run1.refused, run1.slept]).toEqual([
      [false, true, true, false],
      [500, 500],
    ])
    expect(await run([refused, refused, refused], {maxReconnects: 0})).toMatchObject({
      attempts: 2,
      error: {code: 'signed_out'},
    })
  })

  it('is patient once the server was live: tokens may be ended twice before a session shows life', async () => {
    const {error, slept} = await run([closed(1006, fine), ...times(5, refused), closed(1006, fine)])
    expect({error, slept}).toEqual({error: undefined, slept: [500, 1000, 2000, 4000, 8000]})
    expect(await run([closed(1006, fine), ...times(7, refused)])).toMatchObject({
      attempts: 7,
      error: {code: 'signed_out'},
    })
  })

  it('reads a close by policy that speaks of a token as a refused token', async () => {
    const policy = (reason: string): SessionEnd => ({...endingOfClosure({code: 1008, reason}), ...dead})
    expect((await run([closed(1006, fine), policy('INVALID_TOKEN'), absent])).refused).toEqual([
      false,
      false,
      true,
    ])
    expect(await run([closed(1006, fine), policy('banned'), absent])).toMatchObject({attempts: 2})
  })

  it('waits for a server that takes each new token and refuses it soon after', async () => {
    const soon = failed(new VezaError('signed_out', 'x'), {proven: true, live: false})
    expect((await run(times(5, soon))).slept).toEqual([500, 1000, 2000])
    const late = {...soon, lastsMs: 900_000}
    expect((await run(times(5, late))).slept).toEqual([])
  })
})

describe('supervise and what is not the protocol', () => {
  const strange = new VezaError('not_protocol', 'x')

  it('ends at the start, but comes back through it once the server was live', async () => {
    expect(await run([failed(strange), absent])).toMatchObject({attempts: 1, error: strange})
    expect(await run([closed(1006, fine), ...times(20, failed(strange))])).toMatchObject({attempts: 21})
  })

  it('takes a close code for what it says about this session', async () => {
    expect(await run([closed(1006, fine), closed(1008, dead), absent])).toMatchObject({attempts: 2})
    expect(await run([closed(1008, fine), absent])).toMatchObject({attempts: 2, error: undefined})
  })

  it('gives a server that sends too large a frame to each live session ever more time', async () => {
    const {slept, error} = await run(times(12, failed(strange, fine)))
    expect(slept.slice(0, 5)).toEqual([500, 1000, 2000, 4000, 8000])
    expect(error).toBeUndefined()
  })

  it('ends after ten sessions in a row that were not live', async () => {
    const stuck = failed(strange, {proven: true, live: false})
    const {attempts, error} = await run([closed(1006, fine), ...times(20, stuck)])
    expect([attempts, error]).toEqual([11, strange])
    const mixed = [...times(9, stuck), failed(strange, fine), ...times(9, stuck), absent]
    expect(await run(mixed)).toMatchObject({attempts: mixed.length, error: undefined})
  })
})
