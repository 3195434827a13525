import {createHash, randomUUID} from 'node:crypto'
import {createReadStream, createWriteStream} from 'node:fs'
import {rename, rm, stat} from 'node:fs/promises'
import {basename, extname, join} from 'node:path'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'

import type {Multipart, MultipartFile} from '@fastify/multipart'

import {type Actor, type App, timestamp} from '../app.js'
import {denied, invalid, notFound, SandboxError} from '../errors.js'
import {type Fields, optionalText, requiredInteger} from '../input.js'
import * as store from '../store/files.js'
import {isManager, memberRoom, readableRoom} from './access.js'
import type {ByteRange} from './byte-range.js'

const NAME_MAX = 255
/** Larger reads than Node's 64 KiB: a thread fetches each. */
const READ_BYTES = 512 * 1024

/** How the name of a file begins that is still coming in; no kept one begins so. */
export const PARTIAL_PREFIX = 'partial-'

/** A file on its way in: under a name that nobody asks for, until all of it is there. */
interface Received {
  readonly path: string
  readonly filename: string
  readonly mimeType: string
  readonly sha256: string
}

/** Section 4, `POST /files/upload`. A server that closes waits until this has cleaned up. */
export function uploadFile(app: App, actor: Actor, parts: AsyncIterable<Multipart>): Promise<store.FileRow> {
  const upload = receiveAndKeep(app, actor, parts)
  const settled = upload.then(
    () => {},
    () => {},
  )
  app.uploads.add(settled)
  void settled.then(() => app.uploads.delete(settled))
  return upload
}

// The bytes go to disk as they come; a file that is not kept leaves nothing behind.
async function receiveAndKeep(
  app: App,
  actor: Actor,
  parts: AsyncIterable<Multipart>,
): Promise<store.FileRow> {
  const path = join(app.filesDir, `${PARTIAL_PREFIX}${randomUUID()}`)
  try {
    const {file, fields} = await receive(app, parts, path)
    if (!file) throw invalid('file', 'is required')
    return await keep(app, actor, file, fields)
  } finally {
    await rm(path, {force: true})
  }
}

async function receive(
  app: App,
  parts: AsyncIterable<Multipart>,
  path: string,
): Promise<{file: Received | undefined; fields: Fields}> {
  const fields: Record<string, unknown> = {}
  let file: Received | undefined
  for await (const part of parts) {
    if (part.type === 'field') fields[part.fieldname] = part.value
    else file = await save(app, part, path)
  }
  return {file, fields}
}

async function save(app: App, part: MultipartFile, path: string): Promise<Received> {
  const hash = createHash('sha256')
  part.file.on('data', (chunk: Buffer) => hash.update(chunk))
  await pipeline(part.file, createWriteStream(path))
  if (part.file.truncated) {
    throw new SandboxError(413, 'FILE_TOO_LARGE', 'The file is larger than this server takes', {
      max_size: app.maxUploadBytes,
    })
  }
  const filename = basename(part.filename.replaceAll('\\', '/')).slice(0, NAME_MAX) || 'file'
  return {path, filename, mimeType: part.mimetype, sha256: hash.digest('hex')}
}

async function keep(app: App, actor: Actor, file: Received, fields: Fields): Promise<store.FileRow> {
  const room = memberRoom(app, actor, requiredInteger(fields, 'room_id'))
  const row = {
    room_id: room.id,
    user_id: actor.id,
    stored_name: `${randomUUID()}${extname(file.filename).replace(/[^.A-Za-z0-9]/g, '')}`,
    original_filename: file.filename,
    mime_type: file.mimeType,
    size: (await stat(file.path)).size,
    description: optionalText(fields, 'description', 1_000) ?? null,
    created_at: timestamp(app),
    sha256: file.sha256,
  }
  await rename(file.path, pathOf(app, row))
  return {id: store.insertFile(app.db, row), ...row}
}

/** Whoever may read the room may have its files. */
export function readableFile(app: App, actor: Actor, id: number): store.FileRow {
  const file = existingFile(app, id)
  readableRoom(app, actor, file.room_id)
  return file
}

/** The bytes of a file from `start` to `end`, which is one of them. */
export function openFile(app: App, file: store.FileRow, {start, end}: ByteRange): Readable {
  if (end < start) return Readable.from([])
  return createReadStream(pathOf(app, file), {start, end, highWaterMark: READ_BYTES})
}

export async function deleteFile(app: App, actor: Actor, id: number): Promise<void> {
  const file = existingFile(app, id)
  if (file.user_id !== actor.id && !isManager(app, actor, file.room_id)) {
    throw denied('Only who uploaded a file or a moderator may delete it')
  }
  store.deleteFile(app.db, id)
  await rm(pathOf(app, file), {force: true})
}

/** Removes the bytes of files whose rows are gone. */
export async function removeStored(app: App, names: readonly string[]): Promise<void> {
  await Promise.all(names.map(name => rm(join(app.filesDir, name), {force: true})))
}

function existingFile(app: App, id: number): store.FileRow {
  const file = store.findFile(app.db, id)
  if (!file) throw notFound('file')
  return file
}

const pathOf = (app: App, file: Pick<store.FileRow, 'stored_name'>): string =>
  join(app.filesDir, file.stored_name)
