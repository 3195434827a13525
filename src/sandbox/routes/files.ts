import {type ByteRange, wantedRange} from '../domain/byte-range.js'
import {deleteFile, openFile, readableFile, uploadFile} from '../domain/files.js'
import {invalid} from '../errors.js'
import type {FileRow} from '../store/files.js'
import {type Answer, type Call, created, EMPTY, pathId, type Route} from './route.js'

export const fileRoutes: readonly Route[] = [
  {method: 'POST', path: '/files/upload', handle: upload},
  {method: 'GET', path: '/files/:id/download', handle: download},
  {method: 'DELETE', path: '/files/:id', handle: remove},
]

async function upload({app, actor, request}: Call): Promise<Answer> {
  if (!request.isMultipart()) throw invalid('body', 'must be multipart/form-data')
  const file = await uploadFile(app, actor, request.parts())
  const url = `http://${request.host}/api/v1/files/${file.id}/download`
  return created(app.dialect.file(file, url))
}

function download(call: Call): Answer {
  const {app, actor, request} = call
  const file = readableFile(app, actor, pathId(call))
  const whole: ByteRange = {start: 0, end: file.size - 1}
  const etag = app.dialect.servesRanges && file.sha256 !== null ? `"${file.sha256.slice(0, 32)}"` : undefined
  const range = etag === undefined ? undefined : wantedRange(request.headers, {etag, size: file.size})
  return {
    status: 'bytes',
    code: range === undefined ? 200 : 206,
    stream: openFile(app, file, range ?? whole),
    headers: {...facts(file), ...identity(file, etag), ...extent(range ?? whole, range && file.size)},
  }
}

function facts(file: FileRow): Record<string, string> {
  return {
    'content-type': file.mime_type,
    'content-disposition': `attachment; filename*=UTF-8''${percentEncoded(file.original_filename)}`,
    'x-content-type-options': 'nosniff',
  }
}

/** By what a client knows that it is the same file, and that it has all of it unchanged (RFC 9530). */
function identity({sha256}: FileRow, etag: string | undefined): Record<string, string> {
  if (etag === undefined || sha256 === null) return {}
  const digest = Buffer.from(sha256, 'hex').toString('base64')
  return {'accept-ranges': 'bytes', etag, 'repr-digest': `sha-256=:${digest}:`}
}

function extent({start, end}: ByteRange, partOf: number | undefined): Record<string, string> {
  const length = {'content-length': String(end + 1 - start)}
  return partOf === undefined ? length : {...length, 'content-range': `bytes ${start}-${end}/${partOf}`}
}

async function remove(call: Call): Promise<Answer> {
  await deleteFile(call.app, call.actor, pathId(call))
  return EMPTY
}

// RFC 5987 permits fewer characters than encodeURIComponent leaves.
const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
