import {formatBytes} from '../formats/bytes.js'
import {separatedLine} from '../formats/cell.js'
import {sanitizeLine} from '../sanitize.js'
import type {Column, View, ViewContext} from './view.js'

/** A file that was brought to this machine. */
export interface DownloadedFile {
  readonly file_id: number
  /** Where it is now. */
  readonly path: string
  /** In bytes. */
  readonly size: number
  /** In hex. */
  readonly sha256: string
  /** How many of the bytes an earlier run had brought. */
  readonly resumed_from: number
  /** Whether the hash was held to one that the server or the user gave. */
  readonly verified: boolean
  /** Whether it was there already and was left as it was. */
  readonly skipped: boolean
}

const columns: readonly Column<DownloadedFile>[] = [
  {header: 'file_id', value: file => file.file_id},
  {header: 'path', value: file => file.path, paint: (text, style) => style.bold(text)},
  {header: 'size', value: (file, context) => (context.isTTY ? formatBytes(file.size) : file.size)},
  {header: 'sha256', value: file => file.sha256},
  {header: 'resumed_from', value: file => file.resumed_from},
]

/** A file that was downloaded. Sizes are in bytes in a pipe. */
export const downloadedFileView: View<DownloadedFile> = {
  columns,
  line: (file, context) =>
    context.isTTY ? terminalLine(file, context) : separatedLine(columns, file, context).trimEnd(),
}

function terminalLine(file: DownloadedFile, {style}: ViewContext): string {
  const facts = [formatBytes(file.size), ...remarks(file)].join(', ')
  return `${style.bold(sanitizeLine(file.path))} ${style.dim(`(${facts})`)}`
}

function remarks({resumed_from, verified, skipped}: DownloadedFile): string[] {
  return [
    ...(skipped ? ['was there already'] : []),
    ...(resumed_from > 0 ? [`${formatBytes(resumed_from)} of them from before`] : []),
    ...(verified ? ['hash checked'] : []),
  ]
}
