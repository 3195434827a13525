import {createHash, type Hash} from 'node:crypto'
import {type FileHandle, open, rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {VezaError} from '../errors/veza-error.js'
import {makeFolder} from '../state/make-folder.js'
import {namesIn, onDisk, syncFolder} from './disk.js'
import {storedName} from './file-name.js'
import {FILES} from './names.js'
import type {FileFailure, MissingFile, SourceFile, StoredFile} from './types.js'
import type {Work} from './work.js'

/** How often a broken download goes on from where it broke. */
const MAX_BREAKS = 5

/** What is wrong with one file alone, and may be mended by the next run. */
const OF_ONE_FILE: readonly string[] = ['server_error', 'not_protocol', 'file_corrupt']

/**
 * Fetches each file that messages name and that has no record yet, one after the other. Resolves to those that could not be had this
 * time: anyone can name a file at which a server fails, which must not keep the room from its export.
 */
export async function fetchFiles(work: Work): Promise<readonly FileFailure[]> {
  const wanted = work.known.wanted
  const failures: FileFailure[] = []
  if (wanted.length === 0) return failures
  const folder = join(work.folder.path, FILES)
  await work.begin()
  await onDisk(folder, async () => makeFolder(folder))
  for (const [index, id] of wanted.entries()) {
    work.effects.onProgress('files', index, wanted.length)
    const file = await fetchOne(work, id)
    if ('error' in file) failures.push(file)
    else await work.append({kind: 'file', file})
    if (!work.isCheckpointDue) continue
    // A record must not outlive its file.
    await syncFolder(folder)
    await work.checkpoint(undefined)
  }
  await syncFolder(folder)
  return failures
}

/** Removes what an unfinished run has fetched and not recorded. */
export async function removeUnrecorded(work: Work): Promise<void> {
  const folder = join(work.folder.path, FILES)
  for (const name of await namesIn(folder)) {
    const isOurs = /^\d+(-|\.part$|$)/.test(name) && !work.known.paths.has(`${FILES}/${name}`)
    if (isOurs) await onDisk(join(folder, name), () => rm(join(folder, name), {force: true, recursive: true}))
  }
}

async function fetchOne(work: Work, id: number): Promise<StoredFile | MissingFile | FileFailure> {
  try {
    return await new FileFetch(work, id).run()
  } catch (error) {
    if (!(error instanceof VezaError)) throw error
    const {code} = error
    if (code === 'not_found' || code === 'forbidden' || code === 'refused')
      return {file_id: id, missing: code}
    if (OF_ONE_FILE.includes(code)) return {fileId: id, error}
    throw error
  }
}

/** One file on its way. */
class FileFetch {
  readonly #part: string
  #hash: Hash = createHash('sha256')
  #bytes = 0
  #validator: string | undefined

  constructor(
    private readonly work: Work,
    private readonly id: number,
  ) {
    this.#part = join(work.folder.path, FILES, `${id}.part`)
  }

  async run(): Promise<StoredFile> {
    const handle = await onDisk(this.#part, async () => {
      await rm(this.#part, {force: true})
      // Made anew: never a file that a link leads to.
      return open(this.#part, 'wx', 0o600)
    })
    try {
      const file = await this.#fetch(handle)
      await onDisk(this.#part, () => handle.sync())
      return await this.#keep(file)
    } finally {
      await handle.close()
      await rm(this.#part, {force: true})
    }
  }

  /** A broken connection goes on at the byte where it broke, if the server can do that. */
  async #fetch(handle: FileHandle): Promise<SourceFile> {
    for (let breaks = 0; ; breaks += 1) {
      try {
        return await this.#receive(handle)
      } catch (error) {
        const isBroken = error instanceof VezaError && error.code === 'unreachable'
        if (!isBroken || breaks === MAX_BREAKS) throw error
      }
    }
  }

  async #receive(handle: FileHandle): Promise<SourceFile> {
    const abort = new AbortController()
    const signal = AbortSignal.any([this.work.effects.signal, abort.signal])
    const validator = this.#validator
    const range =
      this.#bytes === 0 || validator === undefined ? {} : {fromByte: this.#bytes, ifRange: validator}
    try {
      const file = await this.work.source.download(this.id, {...range, signal})
      if (file.fromByte !== this.#bytes) await this.#beginAgain(handle, file.fromByte)
      this.#validator = file.validator
      for await (const chunk of file.body) await this.#write(handle, chunk)
      return file
    } finally {
      abort.abort()
    }
  }

  async #beginAgain(handle: FileHandle, fromByte: number): Promise<void> {
    if (fromByte !== 0)
      throw new VezaError('not_protocol', `the server sent a part of file ${this.id} that was not asked for`)
    await onDisk(this.#part, () => handle.truncate(0))
    this.#hash = createHash('sha256')
    this.#bytes = 0
  }

  async #write(handle: FileHandle, chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk)
    const at = this.#bytes
    this.#bytes += chunk.length
    await onDisk(this.#part, async () => {
      // A write may take a part only, as on a disk that gets full.
      for (let done = 0; done < chunk.length; ) {
        done += (await handle.write(chunk, done, chunk.length - done, at + done)).bytesWritten
      }
    })
  }

  async #keep({fileName = 'file', contentType, digest}: SourceFile): Promise<StoredFile> {
    const sha256 = this.#hash.digest('hex')
    if (digest !== undefined && digest.value !== sha256)
      throw new VezaError(
        'file_corrupt',
        `file ${this.id} came damaged: its SHA-256 is not the one the server names`,
      )
    const path = `${FILES}/${storedName(this.id, fileName)}`
    await onDisk(path, () => rename(this.#part, join(this.work.folder.path, path)))
    const type = contentType === undefined ? {} : {content_type: contentType}
    return {file_id: this.id, name: fileName, path, bytes: this.#bytes, sha256, ...type}
  }
}
