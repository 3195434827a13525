import {describe, expect, test} from 'vitest'
import {ServiceReports} from '../../../../src/lib/cli/service/service-reports.js'

/** Reports whose messages, proofs and timers a test holds. */
function setUp({beats = true, fails = [] as boolean[]} = {}) {
  const sent: string[][] = []
  const problems: unknown[] = []
  const timers: {callback: () => void; delayMs: number; isCancelled: boolean}[] = []
  const proofs: {resolve: () => void; reject: (error: Error) => void}[] = []
  const sends: (() => void)[] = []
  let holds = false
  const reports = new ServiceReports({
    beatMs: beats ? 500 : undefined,
    send: async assignments => {
      sent.push([...assignments])
      if (holds) await new Promise<void>(resolve => sends.push(resolve))
      if (fails.shift() === true) throw new Error('no such socket')
    },
    prove: () => new Promise<void>((resolve, reject) => proofs.push({resolve, reject})),
    setTimer: (callback, delayMs) => {
      const timer = {callback, delayMs, isCancelled: false}
      timers.push(timer)
      return () => {
        timer.isCancelled = true
      }
    },
    onProblem: error => problems.push(error),
  })
  const hold = (): void => {
    holds = true
  }
  return {reports, sent, problems, timers, proofs, sends, hold}
}

/** All that is ready to happen has happened. */
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('ServiceReports', () => {
  test('tells that it is ready, how it stands, and that it ends', async () => {
    const {reports, sent} = setUp()
    for (const [event, text] of [
      ['notice', 'joined'],
      ['ready', 'listening to general'],
      ['gap_filled', 'fetched 3 messages'],
      ['disconnected', 'disconnected: reset'],
      ['reconnecting', 'connecting again in 1.0 s'],
      ['reconnected', 'reconnected after 1.2 s'],
      ['ended', 'ended: done'],
    ] as const) {
      reports.told(event, text)
      await settled()
    }
    expect(sent).toEqual([
      ['READY=1', 'STATUS=listening to general'],
      ['STATUS=disconnected: reset'],
      ['STATUS=connecting again in 1.0 s'],
      ['STATUS=listening to general'],
      ['STOPPING=1', 'STATUS=ended: done'],
    ])
  })

  test('what the service does comes back once nothing is in its way any more', async () => {
    const {reports, sent} = setUp()
    for (const [event, text] of [
      ['ready', 'relaying 6 rooms to chat'],
      ['share', 'now 2 of 6 rooms'],
      ['redis_full', 'Redis is full'],
      ['warning', 'a frame could not be read'],
      ['redis_takes', 'Redis takes more again'],
    ] as const) {
      reports.told(event, text)
      await settled()
    }
    expect(sent.map(([, status = '']) => status).filter(Boolean)).toEqual(['STATUS=relaying 6 rooms to chat'])
    expect(sent.slice(1)).toEqual([
      ['STATUS=now 2 of 6 rooms'],
      ['STATUS=Redis is full'],
      ['STATUS=now 2 of 6 rooms'],
    ])
  })

  test('says READY and STOPPING once, and no STOPPING without a READY', async () => {
    const never = setUp()
    never.reports.stopping()
    never.reports.told('reconnecting', 'connecting again')
    const twice = setUp()
    twice.reports.told('ready', 'a')
    twice.reports.told('ready', 'b')
    await settled()
    twice.reports.stopping()
    twice.reports.stopping()
    twice.reports.told('ended', 'ended')
    await settled()
    expect(never.sent).toEqual([['STATUS=connecting again']])
    expect(twice.sent).toEqual([
      ['READY=1', 'STATUS=b'],
      ['STOPPING=1', 'STATUS=ended'],
    ])
  })

  test('one line and no control characters in a status', async () => {
    const {reports, sent} = setUp()
    reports.told('ready', 'listening to a\nWATCHDOG=1\u001b[2J')
    await settled()
    expect(sent).toEqual([['READY=1', 'STATUS=listening to a⏎WATCHDOG=1']])
  })

  test('gives a sign of life only once a proof has come back', async () => {
    const {reports, sent, timers, proofs} = setUp()
    reports.told('ready', 'a')
    await settled()
    expect(timers.map(({delayMs}) => delayMs)).toEqual([500])
    timers[0]!.callback()
    await settled()
    expect(sent).toHaveLength(1)
    proofs[0]!.resolve()
    await settled()
    expect(sent[1]).toEqual(['WATCHDOG=1'])
    timers[1]!.callback()
    proofs[1]!.reject(new Error('EACCES: an answer as well'))
    await settled()
    expect(sent[2]).toEqual(['WATCHDOG=1'])
    expect(timers).toHaveLength(3)
  })

  test('no beat before it is ready, after the end has begun, or where nobody waits for one', async () => {
    const starting = setUp()
    starting.reports.told('reconnecting', 'connecting again')
    const unwatched = setUp({beats: false})
    unwatched.reports.told('ready', 'a')
    const ending = setUp()
    ending.reports.told('ready', 'a')
    ending.timers[0]!.callback()
    ending.reports.stopping()
    ending.proofs[0]!.resolve()
    await settled()
    expect([starting.timers, unwatched.timers]).toEqual([[], []])
    expect(ending.timers).toHaveLength(1)
    expect(ending.timers[0]!.isCancelled).toBe(true)
    expect(ending.sent.flat()).not.toContain('WATCHDOG=1')
  })

  test('one message at a time; what comes meanwhile goes together, the newest status alone', async () => {
    const {reports, sent, sends, hold} = setUp()
    hold()
    reports.told('ready', 'a')
    await settled()
    reports.told('disconnected', 'b')
    reports.told('reconnecting', 'c')
    reports.stopping()
    await settled()
    expect(sent).toHaveLength(1)
    sends[0]!()
    await settled()
    expect(sent[1]).toEqual(['STATUS=c', 'STOPPING=1'])
  })

  test('a failure is told once, and what was to be said goes with the next message', async () => {
    const {reports, sent, problems, timers, proofs} = setUp({fails: [true, true]})
    reports.told('ready', 'a')
    await settled()
    reports.told('disconnected', 'b')
    await settled()
    timers[0]!.callback()
    proofs[0]!.resolve()
    await settled()
    expect(sent).toEqual([
      ['READY=1', 'STATUS=a'],
      ['READY=1', 'STATUS=b'],
      ['READY=1', 'STATUS=b', 'WATCHDOG=1'],
    ])
    expect(problems).toHaveLength(1)
  })

  test('close waits for what is under way, for a second at most, and ends the beat', async () => {
    const quiet = setUp()
    quiet.reports.told('ready', 'a')
    await settled()
    await quiet.reports.close()
    expect(quiet.timers[0]!.isCancelled).toBe(true)

    const held = setUp({beats: false})
    held.hold()
    held.reports.told('ready', 'a')
    let isClosed = false
    const closed = held.reports.close().then(() => {
      isClosed = true
    })
    await settled()
    expect(isClosed).toBe(false)
    expect(held.timers[0]!.delayMs).toBe(1000)
    held.timers[0]!.callback()
    await closed
  })
})
