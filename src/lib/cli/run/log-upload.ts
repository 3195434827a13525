import {Readable} from 'node:stream'
import type {UploadFile} from '../../http/types.js'
import type {LogFile} from './log-file.js'
import {MaskStream} from './mask/mask-stream.js'
import type {Masker} from './mask/masker.js'

/** A log as the file of an upload, masked while it is read. Its size is not known before. */
export function logUpload(log: LogFile, masker: Masker, name: string): UploadFile {
  return {
    name,
    contentType: 'text/plain; charset=utf-8',
    open: () => Readable.from(maskedChunks(log, masker), {objectMode: false}),
  }
}

function* maskedChunks(log: LogFile, masker: Masker): Iterable<Buffer> {
  const stream = new MaskStream(masker)
  const decoder = new TextDecoder('utf-8', {ignoreBOM: true})
  for (const chunk of log.read()) {
    const text = stream.push(decoder.decode(chunk, {stream: true}))
    if (text !== '') yield Buffer.from(text)
  }
  const rest = stream.push(decoder.decode()) + stream.end()
  if (rest !== '') yield Buffer.from(rest)
}
