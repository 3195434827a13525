import {EventEmitter} from 'node:events'
import {describe, expect, test} from 'vitest'
import {Lifetime} from '../../../../src/lib/cli/lifetime.js'
import {leave} from '../../../../src/lib/cli/run/leave.js'
import {forwardSignals, type SignalSource} from '../../../../src/lib/cli/run/signals.js'
import type {RunEnd} from '../../../../src/lib/cli/run/status-text.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

/** A process that notes by what it is killed instead of dying. */
class Process extends EventEmitter {
  readonly pid = 42
  readonly kills: unknown[] = []
  readonly exits: number[] = []
  kill(pid: number, signal?: string | number): true {
    this.kills.push({pid, signal, listeners: this.listenerCount(String(signal))})
    return true
  }
  exit(code: number): void {
    this.exits.push(code)
  }
}

const processOf = () => {
  const fake = new Process()
  return {fake, signals: fake as unknown as SignalSource}
}

describe('leave', () => {
  const told = Promise.resolve()

  test.each([
    [{type: 'exit', code: 3} as const, 3],
    [{type: 'unstarted', code: 127, reason: 'x'} as const, 127],
    [{type: 'timeout'} as const, 124],
    [undefined, 124],
  ])('%j', async (end: RunEnd | undefined, code) => {
    const {signals} = processOf()
    expect(await leave(Promise.resolve(124), {isTold: told, end: () => end, signals})).toBe(code)
  })

  test('by a signal, with nobody listening to it any more', async () => {
    const {fake, signals} = processOf()
    fake.on('SIGTERM', () => undefined)
    const end = () => ({type: 'signal', signal: 'SIGTERM'}) as const
    expect(await leave(Promise.resolve(0), {isTold: told, end, signals})).toBe(143)
    expect(fake.kills).toEqual([{pid: 42, signal: 'SIGTERM', listeners: 0}])
  })

  test('before the command has ended, with our own code', async () => {
    const {signals} = processOf()
    const never = new Promise<void>(() => undefined)
    expect(await leave(Promise.resolve(2), {isTold: never, end: () => undefined, signals})).toBe(2)
  })
})

describe('forwardSignals', () => {
  test('hands on each signal until it is told to stop; what the keys of a terminal send only elsewhere', () => {
    for (const [atTerminal, expected] of [
      [false, ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']],
      [true, ['SIGTERM', 'SIGHUP']],
    ] as const) {
      const {fake, signals} = processOf()
      const forwarded: string[] = []
      const stop = forwardSignals(signals, signal => forwarded.push(signal), atTerminal)
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) fake.emit(signal, signal)
      expect(forwarded).toEqual(expected)
      stop()
      expect(fake.eventNames()).toEqual([])
    }
  })
})

describe('Lifetime.standAside', () => {
  test('leaves signals and stdout alone, but not --timeout', async () => {
    const {fake} = processOf()
    const lifetime = new Lifetime(fake)
    lifetime.standAside()
    expect(fake.eventNames()).toEqual([])
    lifetime.pipeClosed()
    lifetime.fail(new VezaError('failed', 'x'))
    expect(lifetime.signal.aborted).toBe(false)
    lifetime.limit(1)
    await new Promise(resolve => lifetime.signal.addEventListener('abort', resolve))
    expect(lifetime.signal.reason).toMatchObject({code: 'timeout'})
    lifetime.end()
  })
})
