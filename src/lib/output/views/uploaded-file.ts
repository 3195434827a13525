import type {UploadedFile} from '../../../contract/resources.js'
import {formatBytes} from '../formats/bytes.js'
import type {View} from './view.js'

/**
 * An uploaded file (section 4 of the contract) under the name it had here, where the server tells; it may store it under
 * another. The size is in bytes in a pipe.
 */
export const uploadedFileView: View<UploadedFile> = {
  columns: [
    {header: 'file_id', value: file => file.file_id},
    {
      header: 'filename',
      value: file => file.original_filename ?? file.filename,
      paint: (text, style) => style.bold(text),
    },
    {header: 'size', value: (file, context) => (context.isTTY ? formatBytes(file.size) : file.size)},
    {header: 'url', value: file => file.url},
  ],
}
