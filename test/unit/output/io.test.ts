import {PassThrough, Writable} from 'node:stream'
import {setImmediate as nextTurn} from 'node:timers/promises'
import {describe, expect, it, vi} from 'vitest'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {createIo, type IoOptions, type OutputStream} from '../../../src/lib/output/io.js'
import {capture, ioOf} from './capture.js'

/** A stream that holds each write until the test lets it go. */
class SlowStream extends Writable {
  readonly held: Array<(error?: Error) => void> = []
  constructor() {
    super({highWaterMark: 10})
  }

  override _write(_chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.held.push(done)
  }

  letGo(error?: Error): void {
    this.held.shift()?.(error)
  }
}

class BrokenStream extends Writable {
  constructor(readonly code: string) {
    super()
  }

  override _write(_chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    done(systemError(this.code))
  }
}

const systemError = (code: string) => Object.assign(new Error(`${code}: broken, write`), {code})

function watchedIo(stdout: OutputStream, more: Partial<IoOptions> = {}) {
  const onClosedPipe = vi.fn()
  const onError = vi.fn()
  const io = createIo({stdin: new PassThrough(), stdout, stderr: capture(), onClosedPipe, onError, ...more})
  return {io, onClosedPipe, onError}
}

const LONG = 'x'.repeat(64 * 1024)

describe('write', () => {
  it('hands over what one turn accepted in one write, when the turn ends', async () => {
    const stdout = capture()
    const io = ioOf(stdout)
    expect([io.write('a\n'), io.write('b\n')]).toEqual([undefined, undefined])
    expect(stdout.writes).toEqual([])
    await nextTurn()
    expect(stdout.writes).toEqual(['a\nb\n'])
    io.write('c\n')
    await nextTurn()
    expect(stdout.writes).toEqual(['a\nb\n', 'c\n'])
  })

  it('hands over bytes as they are, at once, behind the text before them', async () => {
    const stdout = new PassThrough()
    const io = ioOf(stdout)
    const bytes = Buffer.from([0xff, 0x00, 0x0a])
    expect([io.write('a'), io.writeBytes(bytes)]).toEqual([undefined, undefined])
    expect(stdout.read()).toEqual(Buffer.concat([Buffer.from('a'), bytes]))
  })

  it('makes who writes bytes wait for a slow reader, and tells of a full disk', async () => {
    const slow = new SlowStream()
    const {io} = watchedIo(slow)
    const waiting = io.writeBytes(Buffer.alloc(20))
    expect(waiting).toBeInstanceOf(Promise)
    slow.letGo()
    await waiting
    const full = watchedIo(new BrokenStream('ENOSPC'))
    full.io.writeBytes(Buffer.alloc(1))
    await expect(full.io.flush()).rejects.toMatchObject({code: 'failed'})
    await expect(full.io.writeBytes(Buffer.alloc(1))).rejects.toMatchObject({code: 'failed'})
  })

  it('hands over within the turn what has grown large', async () => {
    const stdout = capture()
    await ioOf(stdout).write(LONG)
    expect(stdout.writes).toEqual([LONG])
  })

  it('makes few writes of a flood', async () => {
    const stdout = capture()
    const io = ioOf(stdout)
    for (let index = 0; index < 100_000; index++) await io.write(`record ${index}\n`)
    await io.flush()
    expect(stdout.text.match(/\n/g)).toHaveLength(100_000)
    expect(stdout.writes.length).toBeLessThanOrEqual(Math.ceil(stdout.text.length / LONG.length))
  })

  it('waits for a slow reader', async () => {
    const stdout = new SlowStream()
    const io = ioOf(stdout)
    const written = io.write(LONG)
    expect(written).toBeInstanceOf(Promise)
    const state = vi.fn()
    const settled = written?.then(state)
    await nextTurn()
    expect(state).not.toHaveBeenCalled()
    expect(io.write('more\n')).toBe(written)
    io.flush()
    stdout.letGo()
    stdout.letGo()
    await settled
    expect(io.write('again\n')).toBeUndefined()
  })

  it('waits no longer once the signal is aborted', async () => {
    const controller = new AbortController()
    const {io} = watchedIo(new SlowStream(), {signal: controller.signal})
    const written = io.write(LONG)
    controller.abort()
    await written
    expect(io.write(LONG)).toBeUndefined()
  })

  it('never waits where the signal was aborted before', () => {
    const {io} = watchedIo(new SlowStream(), {signal: AbortSignal.abort()})
    expect(io.write(LONG)).toBeUndefined()
  })
})

describe('flush', () => {
  it('resolves once everything is out, on stderr too', async () => {
    const [stdout, stderr] = [new SlowStream(), new SlowStream()]
    const io = ioOf(stdout, stderr)
    io.write('a')
    io.writeError('b')
    const done = vi.fn()
    const flushed = io.flush().then(done)
    stdout.letGo()
    await nextTurn()
    expect(done).not.toHaveBeenCalled()
    stderr.letGo()
    await flushed
    await io.flush()
  })
})

describe('writeError', () => {
  it('comes after what stdout has accepted', async () => {
    const both = capture()
    const io = ioOf(both, both)
    io.write('table\n')
    io.writeError('more\n')
    await io.flush()
    expect(both.writes).toEqual(['table\n', 'more\n'])
  })

  it('is at once', () => {
    const stderr = capture()
    ioOf(capture(), stderr).writeError('now\n')
    expect(stderr.text).toBe('now\n')
  })

  it.each(['EPIPE', 'ENOSPC'])('ignores %s', async code => {
    const {io, onClosedPipe, onError} = watchedIo(capture(), {stderr: new BrokenStream(code)})
    io.writeError('x')
    await nextTurn()
    io.writeError('y')
    await io.flush()
    expect(onClosedPipe).not.toHaveBeenCalled()
    expect(onError).not.toHaveBeenCalled()
  })
})

describe('a reader that has gone', () => {
  it.each(['EPIPE', 'EOF', 'ECONNRESET'])(
    'is told once by %s, and further writes are dropped',
    async code => {
      const stdout = new BrokenStream(code)
      const write = vi.spyOn(stdout, 'write')
      const {io, onClosedPipe, onError} = watchedIo(stdout)
      await io.write(LONG)
      await nextTurn()
      io.write('dropped')
      await io.flush()
      expect(onClosedPipe).toHaveBeenCalledOnce()
      expect(onError).not.toHaveBeenCalled()
      expect(write).toHaveBeenCalledOnce()
    },
  )

  it('is told where the stream was destroyed', async () => {
    const stdout = capture()
    stdout.destroy()
    const {io, onClosedPipe} = watchedIo(stdout)
    io.write('x')
    await io.flush()
    await nextTurn()
    expect(onClosedPipe).toHaveBeenCalledOnce()
  })

  it('lets go of who waits', async () => {
    const stdout = new SlowStream()
    const {io, onClosedPipe} = watchedIo(stdout)
    const waiting = [io.write(LONG), io.flush()]
    stdout.letGo(systemError('EPIPE'))
    await Promise.all(waiting)
    expect(onClosedPipe).toHaveBeenCalledOnce()
  })
})

describe('stdout that cannot be written', () => {
  const failure = expect.objectContaining({code: 'failed', message: expect.stringContaining('ENOSPC')})

  it('rejects flush and further writes, and is told once', async () => {
    const {io, onClosedPipe, onError} = watchedIo(new BrokenStream('ENOSPC'))
    io.write('x')
    await expect(io.flush()).rejects.toEqual(failure)
    await expect(io.flush()).rejects.toBeInstanceOf(VezaError)
    await expect(io.write('y')).rejects.toEqual(failure)
    await nextTurn()
    expect(onError.mock.calls).toEqual([[failure]])
    expect(onClosedPipe).not.toHaveBeenCalled()
  })

  it('rejects who waits', async () => {
    const stdout = new SlowStream()
    const {io} = watchedIo(stdout)
    const written = io.write(LONG)
    stdout.letGo(systemError('ENOSPC'))
    await expect(written).rejects.toEqual(failure)
  })

  it('is no unhandled rejection where nobody waits', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const {io, onError} = watchedIo(new BrokenStream('ENOSPC'))
    io.write(LONG)
    await nextTurn()
    io.write('y')
    await nextTurn()
    process.off('unhandledRejection', unhandled)
    expect(onError).toHaveBeenCalledOnce()
    expect(unhandled).not.toHaveBeenCalled()
  })
})

describe('watchReader', () => {
  it('does nothing for a stream without a descriptor', async () => {
    const {io, onClosedPipe} = watchedIo(capture())
    await io.watchReader()
    expect(onClosedPipe).not.toHaveBeenCalled()
  })
})
