import {deleteFile, downloadFile, uploadFile} from '../domain/files.js'
import {invalid} from '../errors.js'
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
  const {file, stream} = downloadFile(call.app, call.actor, pathId(call))
  return {
    status: 'bytes',
    stream,
    headers: {
      'content-type': file.mime_type,
      'content-length': String(file.size),
      'content-disposition': `attachment; filename*=UTF-8''${percentEncoded(file.original_filename)}`,
      'x-content-type-options': 'nosniff',
    },
  }
}

async function remove(call: Call): Promise<Answer> {
  await deleteFile(call.app, call.actor, pathId(call))
  return EMPTY
}

// RFC 5987 permits fewer characters than encodeURIComponent leaves.
const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
