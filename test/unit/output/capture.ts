import {PassThrough, Writable} from 'node:stream'
import {createIo, type Io, type OutputStream} from '../../../src/lib/output/io.js'
import {Printer, type PrinterOptions} from '../../../src/lib/output/printer.js'
import {plainStyle} from '../../../src/lib/output/style.js'
import type {ViewContext} from '../../../src/lib/output/views/view.js'

export const NOW = new Date('2026-03-01T12:00:00Z')

/** An output stream that keeps what it is given, write by write. */
export class Capture extends Writable {
  readonly writes: string[] = []
  isTTY = false
  columns = 80

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(chunk.toString())
    done()
  }

  get text(): string {
    return this.writes.join('')
  }
}

export function capture(terminal?: {columns?: number}): Capture {
  const stream = new Capture()
  if (terminal) {
    stream.isTTY = true
    stream.columns = terminal.columns ?? 80
  }
  return stream
}

export function ioOf(stdout: OutputStream, stderr: OutputStream = capture()): Io {
  return createIo({stdin: new PassThrough(), stdout, stderr})
}

/** A printer over captured streams: a terminal or a pipe on both. */
export function printerOf(options: Partial<PrinterOptions> & {terminal?: boolean} = {}) {
  const {terminal = false, ...given} = options
  const stdout = capture(terminal ? {} : undefined)
  const stderr = capture(terminal ? {} : undefined)
  const io = ioOf(stdout, stderr)
  const printer = new Printer({
    io,
    json: false,
    quiet: false,
    verbose: false,
    debug: false,
    colour: 0,
    now: () => NOW,
    ...given,
  })
  return {io, printer, stdout, stderr}
}

export const pipe: ViewContext = {isTTY: false, width: 80, now: NOW, style: plainStyle}

export const terminal: ViewContext = {...pipe, isTTY: true}
