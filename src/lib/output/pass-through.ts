import type {Readable} from 'node:stream'
import type {OutputStream} from './io.js'

/** What is done with bytes that another process writes. */
export interface PassThroughOptions {
  readonly source: Readable
  readonly target: OutputStream
  /** Sees each piece, before it is written. */
  onChunk(chunk: Buffer): void
}

/**
 * Writes the bytes of another process as they are, as soon as they come. Only the reader of the target holds it back.
 * When that has gone, the source is closed, so that its writer learns of it as if it wrote there itself. Resolves when
 * the source has ended and the system has all of it; never rejects.
 */
export async function passThrough({source, target, onChunk}: PassThroughOptions): Promise<void> {
  const stop = (): unknown => source.destroy()
  target.on('error', stop)
  const unwatch = await watch(target, stop)
  await new Promise<void>(resolve => {
    source.on('error', () => undefined)
    source.on('close', resolve)
    if (source.destroyed) resolve()
    source.on('data', (chunk: Buffer) => {
      onChunk(chunk)
      if (target.write(chunk)) return
      source.pause()
      target.once('drain', () => source.resume())
    })
  })
  unwatch()
  await new Promise<void>(resolve => target.write('', () => resolve()))
  target.off('error', stop)
}

async function watch({fd}: OutputStream, onGone: () => void): Promise<() => void> {
  if (fd === undefined) return () => undefined
  const {watchReader} = await import('./reader-watch.js')
  return watchReader(fd, onGone)
}
