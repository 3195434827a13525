import {createReadStream} from 'node:fs'
import {access, constants, stat} from 'node:fs/promises'
import {basename} from 'node:path'
import {Readable} from 'node:stream'
import {VezaError} from '../errors/veza-error.js'
import type {UploadFile} from '../http/types.js'
import {formatBytes} from '../output/formats/bytes.js'
import type {InputStream} from '../output/io.js'
import {fileError, openSource} from './local-file.js'

/** Larger reads than Node's 64 KiB: a thread fetches each, and the way there costs more than the reading. */
const READ_BYTES = 1024 * 1024
/** Sent in smaller pieces: each that moves shows that the connection lives, also on a slow one. */
const PIECE_BYTES = 64 * 1024

/** How files are chosen for an upload. */
export interface UploadRules {
  /** The name the server shows, in place of the file's own. */
  readonly name: string | undefined
  /** Largest size in bytes; 0 for any. */
  readonly maxBytes: number
  readonly allowEmpty: boolean
  readonly stdin: InputStream
}

/**
 * Local files, or stdin for `-`, as what is uploaded. All that can be known of each is checked here, before the first
 * byte of the first one is sent.
 * @throws {VezaError} `file_unreadable` for a missing, unreadable or empty file or a folder, `file_too_large`, and
 * `usage` for stdin without a name.
 */
export async function openUploads(paths: readonly string[], rules: UploadRules): Promise<UploadFile[]> {
  if (rules.name !== undefined && paths.length > 1)
    throw new VezaError('usage', '--name goes with a single file')
  return Promise.all(paths.map(path => openUpload(path, rules)))
}

async function openUpload(path: string, rules: UploadRules): Promise<UploadFile> {
  if (path === '-') return openStdin(rules)
  const size = await checkedSize(path, rules)
  const contentType = await typeOf(rules.name ?? path)
  const name = rules.name ?? basename(path)
  // A pipe such as <(command) has no size and can be read once.
  if (size === undefined) {
    const source = await openSource(path)
    return {name, contentType, once: true, open: () => source}
  }
  // Only the bytes that were there when the size was told: a log that grows meanwhile would break the length.
  const open = () =>
    Readable.from(size === 0 ? [] : pieces(path, size), {objectMode: false, highWaterMark: PIECE_BYTES})
  return {name, contentType, size, open}
}

async function* pieces(path: string, size: number): AsyncIterable<Buffer> {
  for await (const chunk of createReadStream(path, {end: size - 1, highWaterMark: READ_BYTES})) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield chunk.subarray(at, at + PIECE_BYTES)
  }
}

async function openStdin({name, stdin}: UploadRules): Promise<UploadFile> {
  if (name === undefined)
    throw new VezaError('usage', 'a file from stdin needs a name', {hint: 'give it with --name'})
  if (stdin.isTTY)
    throw new VezaError('usage', 'stdin is a terminal, there is no file in it', {hint: 'pipe one in'})
  return {name, contentType: await typeOf(name), once: true, open: () => stdin}
}

async function checkedSize(path: string, rules: UploadRules): Promise<number | undefined> {
  const facts = await factsOf(path)
  if (facts.isDirectory())
    throw new VezaError('file_unreadable', `${path} is a folder`, {hint: 'pack it first, with tar or zip'})
  if (!facts.isFile()) return undefined
  if (facts.size === 0 && !rules.allowEmpty) {
    throw new VezaError('file_unreadable', `${path} is empty`, {
      hint: 'send it all the same with --allow-empty',
    })
  }
  if (rules.maxBytes > 0 && facts.size > rules.maxBytes) throw tooLarge(path, facts.size, rules.maxBytes)
  return facts.size
}

async function factsOf(path: string) {
  try {
    await access(path, constants.R_OK)
    return await stat(path)
  } catch (cause) {
    throw fileError(cause, path)
  }
}

function tooLarge(path: string, size: number, maxBytes: number): VezaError {
  return new VezaError(
    'file_too_large',
    `${path} has ${formatBytes(size)}, the limit is ${formatBytes(maxBytes)}`,
    {
      hint: 'where the server takes more, say so with --max-size (0 for any size)',
    },
  )
}

async function typeOf(name: string): Promise<string> {
  const {lookup} = await import('mime-types')
  return lookup(name) || 'application/octet-stream'
}
