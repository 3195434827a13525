import type {UploadedFile} from '../../../contract/resources.js'
import {formatBytes} from '../formats/bytes.js'
import {separatedLine} from '../formats/cell.js'
import {sanitizeLine} from '../sanitize.js'
import type {Column, View, ViewContext} from './view.js'

const columns: readonly Column<UploadedFile>[] = [
  {header: 'file_id', value: file => file.file_id},
  {header: 'filename', value: nameOf, paint: (text, style) => style.bold(text)},
  {header: 'size', value: (file, context) => (context.isTTY ? formatBytes(file.size) : file.size)},
  {header: 'url', value: file => file.url},
]

/**
 * An uploaded file (section 4 of the contract) under the name it had here, where the server tells; it may store it under
 * another. The size is in bytes in a pipe.
 */
export const uploadedFileView: View<UploadedFile> = {
  columns,
  jsonFields: [
    ...[
      'file_id',
      'filename',
      'url',
      'size',
      'original_filename',
      'mime_type',
      'thumbnail_url',
      'uploaded_at',
    ],
  ],
  line: (file, context) =>
    context.isTTY ? terminalLine(file, context) : separatedLine(columns, file, context).trimEnd(),
}

function terminalLine(file: UploadedFile, {style}: ViewContext): string {
  const name = style.bold(sanitizeLine(nameOf(file)))
  const facts = style.dim(`(${formatBytes(file.size)}, file ${file.file_id})`)
  return `${name} ${facts} ${sanitizeLine(file.url)}`
}

function nameOf(file: UploadedFile): string {
  return file.original_filename ?? file.filename
}
