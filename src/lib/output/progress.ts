import {formatBytes} from './formats/bytes.js'
import type {OutputStream} from './io.js'
import {sanitizeLine} from './sanitize.js'

/** A transfer as it is shown. */
export interface Progress {
  /** Bytes done in all, not since the last call. */
  update(bytes: number): void
  /** Removes the bar. Call it in any case, before the next line is written to stderr. */
  stop(): void
}

/** What `createProgress` needs. */
export interface ProgressOptions {
  /** What is transferred, hostile or not. */
  readonly label: string
  /** Size in bytes, where it is known: then with a bar, else with the bytes done only. */
  readonly totalBytes?: number | undefined
  /** stderr. */
  readonly stream: OutputStream
  readonly quiet: boolean
}

const SILENT: Progress = {update() {}, stop() {}}

/** A progress bar on stderr. Silent, and cli-progress not loaded, where stderr is no terminal or with `--quiet`. */
export async function createProgress(options: ProgressOptions): Promise<Progress> {
  const {label, totalBytes, stream, quiet} = options
  if (quiet || !stream.isTTY) return SILENT
  const {default: cliProgress} = await import('cli-progress')
  const bar = new cliProgress.SingleBar({
    stream,
    // The label is no part of the format: braces in a file name are text.
    format: totalBytes === undefined ? '{label}  {done}' : '{label}  {bar} {percentage}%  {done} of {size}',
    barsize: 24,
    barCompleteChar: '━',
    barIncompleteChar: '─',
    clearOnComplete: true,
    // Signals are the base command's; a cursor that is hidden could stay hidden.
    gracefulExit: false,
    hideCursor: false,
  })
  const shown = (bytes: number) => ({
    label: sanitizeLine(label),
    done: formatBytes(bytes),
    size: formatBytes(totalBytes ?? 0),
  })
  bar.start(totalBytes ?? 0, 0, shown(0))
  return {
    update: bytes => bar.update(bytes, shown(bytes)),
    stop: () => bar.stop(),
  }
}
