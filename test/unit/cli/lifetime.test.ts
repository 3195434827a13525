import {EventEmitter} from 'node:events'
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {ClosedPipe, Lifetime, type SignalSource} from '../../../src/lib/cli/lifetime.js'
import type {VezaError} from '../../../src/lib/errors/veza-error.js'

/** A process that writes down how it was ended, and lives on. */
class FakeProcess extends EventEmitter implements SignalSource {
  readonly exits: number[] = []

  exit(code: number): void {
    this.exits.push(code)
  }
}

let source: FakeProcess
let lifetime: Lifetime

beforeEach(() => {
  vi.useFakeTimers()
  source = new FakeProcess()
  lifetime = new Lifetime(source)
})

afterEach(() => {
  lifetime.end()
  vi.useRealTimers()
})

const reason = (): VezaError => lifetime.signal.reason as VezaError

describe.each([
  ['SIGINT', 'interrupted', 130],
  ['SIGTERM', 'terminated', 143],
])('%s', (signal, code, exitCode) => {
  it('aborts with the reason and leaves the rest to the command', () => {
    source.emit(signal)
    expect(lifetime.signal.aborted).toBe(true)
    expect([reason().code, reason().exitCode]).toEqual([code, exitCode])
    expect(source.exits).toEqual([])
  })

  it('ends the process at once the second time', () => {
    source.emit(signal)
    source.emit(signal)
    expect(source.exits).toEqual([exitCode])
  })

  it('ends a command that is not gone after 5 s', () => {
    source.emit(signal)
    vi.advanceTimersByTime(4999)
    expect(source.exits).toEqual([])
    vi.advanceTimersByTime(1)
    expect(source.exits).toEqual([exitCode])
  })

  it('lets a command that ends in time end by itself', () => {
    source.emit(signal)
    lifetime.end()
    vi.advanceTimersByTime(60_000)
    expect(source.exits).toEqual([])
  })
})

it('keeps the first reason, and exits with the code of the signal that insists', () => {
  source.emit('SIGTERM')
  source.emit('SIGINT')
  expect(reason().code).toBe('terminated')
  expect(source.exits).toEqual([130])
})

describe('a time limit', () => {
  it('aborts with 124 when it runs out, not before', () => {
    lifetime.limit(1500)
    vi.advanceTimersByTime(1499)
    expect(lifetime.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect([reason().code, reason().exitCode]).toEqual(['timeout', 124])
    expect(reason().message).toBe('--timeout ran out after 1.5 s')
  })

  it('has 5 s of grace, then it ends the process', () => {
    lifetime.limit(1000)
    vi.advanceTimersByTime(5999)
    expect(source.exits).toEqual([])
    vi.advanceTimersByTime(1)
    expect(source.exits).toEqual([124])
  })

  it('does not outrank the signal before it', () => {
    lifetime.limit(1000)
    source.emit('SIGINT')
    vi.advanceTimersByTime(4999)
    expect(reason().code).toBe('interrupted')
    expect(source.exits).toEqual([])
  })

  it('is dropped with the end of the command', () => {
    lifetime.limit(1000)
    lifetime.end()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a closed pipe', () => {
  it('aborts with a reason that is no error of ours', () => {
    lifetime.pipeClosed()
    expect(lifetime.signal.reason).toBeInstanceOf(ClosedPipe)
    expect(source.exits).toEqual([])
  })

  it('ends the process with 0 after a second', () => {
    lifetime.pipeClosed()
    vi.advanceTimersByTime(999)
    expect(source.exits).toEqual([])
    vi.advanceTimersByTime(1)
    expect(source.exits).toEqual([0])
  })

  it('changes nothing for a command that was interrupted', () => {
    source.emit('SIGINT')
    lifetime.pipeClosed()
    expect(reason().code).toBe('interrupted')
    vi.advanceTimersByTime(5000)
    expect(source.exits).toEqual([130])
  })

  it('gives way to a Ctrl-C, which ends at once', () => {
    lifetime.pipeClosed()
    source.emit('SIGINT')
    expect(source.exits).toEqual([130])
  })
})

describe('the end', () => {
  it('gives the signals back', () => {
    expect([source.listenerCount('SIGINT'), source.listenerCount('SIGTERM')]).toEqual([1, 1])
    lifetime.end()
    expect([source.listenerCount('SIGINT'), source.listenerCount('SIGTERM')]).toEqual([0, 0])
    expect(lifetime.signal.aborted).toBe(false)
  })
})

describe('the grace after an abort', () => {
  it('does not keep a process that has nothing else to do', () => {
    vi.useRealTimers()
    const timer = vi.spyOn(globalThis, 'setTimeout')
    source.emit('SIGINT')
    const graces = timer.mock.results.map(({value}) => (value as NodeJS.Timeout).hasRef())
    expect(graces).toEqual([false])
    timer.mockRestore()
  })
})
