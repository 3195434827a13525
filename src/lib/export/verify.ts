import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {lstat, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {errnoOf} from '../errors/errno.js'
import {VezaError} from '../errors/veza-error.js'
import {ChainCheck, type ChainFault, readChain} from './chain-reader.js'
import {namesIn} from './disk.js'
import {Known} from './known.js'
import {parseManifest, rootLine, rootOf} from './manifest.js'
import {CHECKPOINT, FILES, LOCK, LOCK_JOURNAL, MANIFEST, PAGE, PART, ROOT} from './names.js'
import type {Manifest, MissingFile, Part, StoredFile} from './types.js'

/** What lies at the top beside the files of records. */
const TOP_NAMES: readonly string[] = [MANIFEST, ROOT, PAGE, FILES, LOCK, LOCK_JOURNAL]
/** What SQLite writes while somebody has the lock, and a kill leaves. */
const JOURNAL_BYTES = 512
/** More than this says nothing more. */
const MOST_PROBLEMS = 20

/** What is wrong with an export; `line` counts from 1. */
export type ExportProblem = ChainFault

/** What `verifyExport` found. */
export interface VerifyReport {
  readonly folder: string
  readonly ok: boolean
  /** The hash of the manifest as it is; to be compared with what the export printed. */
  readonly root?: string | undefined
  readonly source?: Manifest['source'] | undefined
  readonly records: number
  readonly messages: number
  readonly files: number
  readonly bytes: number
  /** The first 20. */
  readonly problems: readonly ExportProblem[]
  readonly more_problems: number
}

/**
 * Reads an export and finds each byte that is not as the last run left it: docs/export.md, "What verify proves". Changes nothing.
 * @param root what the manifest's hash has to be, where that is known.
 * @throws {VezaError} `not_found` where there is no export.
 */
export async function verifyExport(
  folder: string,
  root: string | undefined,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const verification = new Verification(folder, signal)
  return verification.run(root)
}

class Verification {
  readonly #problems: ExportProblem[] = []
  readonly #known = new Known('', 0)
  readonly #stored: StoredFile[] = []
  #bytes = 0

  constructor(
    private readonly folder: string,
    private readonly signal: AbortSignal,
  ) {}

  async run(wanted: string | undefined): Promise<VerifyReport> {
    const names = await namesIn(this.folder)
    if (!names.some(isOfExport)) {
      throw new VezaError('not_found', `there is no export in ${this.folder}`, {
        hint: 'name the folder that `veza rooms export` made',
      })
    }
    if (names.includes(CHECKPOINT)) {
      this.#add(CHECKPOINT, 'the last run is unfinished: run the same export again')
      return this.#report(undefined, undefined)
    }
    const text = await this.#textOf(MANIFEST)
    if (text === undefined) return this.#report(undefined, undefined)
    const root = rootOf(text)
    await this.#checkRoot(root, wanted)
    const manifest = this.#manifest(text)
    if (manifest !== undefined) await this.#checkAll(manifest, names)
    this.#bytes += text.length
    return this.#report(root, manifest)
  }

  async #checkRoot(root: string, wanted: string | undefined): Promise<void> {
    if (wanted !== undefined && wanted !== root)
      this.#add(MANIFEST, `its hash is ${root}, not the root that was given`)
    const line = await this.#textOf(ROOT)
    if (line !== undefined && !line.equals(Buffer.from(rootLine(root))))
      this.#add(MANIFEST, `does not fit to ${ROOT}: one of them was changed`)
  }

  #manifest(text: Buffer): Manifest | undefined {
    try {
      return parseManifest(text.toString(), MANIFEST)
    } catch {
      this.#add(MANIFEST, 'is damaged, or not of an export')
      return undefined
    }
  }

  async #checkAll(manifest: Manifest, names: readonly string[]): Promise<void> {
    await this.#checkChain(manifest)
    await this.#checkFile(PAGE, manifest.page)
    const paths = new Set(this.#stored.map(({path}) => path))
    for (const file of this.#stored) await this.#checkFile(file.path, file)
    const parts = new Set(manifest.chain.parts.map(({name}) => name))
    for (const name of names) {
      if (!parts.has(name) && !TOP_NAMES.includes(name)) this.#add(name, 'does not belong to the export')
    }
    if (names.includes(LOCK)) await this.#checkLength(LOCK, 0)
    if (names.includes(LOCK_JOURNAL)) await this.#checkLength(LOCK_JOURNAL, JOURNAL_BYTES)
    if (!names.includes(FILES)) return
    if (!(await lstat(join(this.folder, FILES))).isDirectory()) this.#add(FILES, 'is no folder')
    else await this.#checkFilesFolder(paths)
  }

  /** What is no part of the export hides nothing either. */
  async #checkLength(name: string, most: number): Promise<void> {
    const size = await this.#sizeOf(name)
    if (size !== undefined && size > most)
      this.#add(name, most === 0 ? 'is not empty' : `has ${size} bytes in place of ${most}`)
  }

  async #checkFilesFolder(paths: ReadonlySet<string>): Promise<void> {
    for (const name of await namesIn(join(this.folder, FILES))) {
      if (!paths.has(`${FILES}/${name}`)) this.#add(`${FILES}/${name}`, 'does not belong to the export')
    }
  }

  async #checkChain({chain, counts}: Manifest): Promise<void> {
    for (const {name, bytes} of chain.parts) {
      const size = await this.#sizeOf(name)
      if (size !== undefined && size !== bytes) this.#add(name, `has ${size} bytes in place of ${bytes}`)
      if (size === undefined) return
    }
    const check = new ChainCheck()
    for (const part of chain.parts) {
      if (!(await this.#reading(part.name, () => this.#follow(part, check)))) return
    }
    const faults = check.end(chain)
    for (const {file, line, problem} of faults) this.#add(file, problem, line)
    if (faults.length === 0 && !isDeepStrictEqual(counts, this.#known.counts))
      this.#add(MANIFEST, 'counts other records than there are')
  }

  async #follow(part: Part, check: ChainCheck): Promise<void> {
    for await (const lines of readChain(this.folder, [part])) {
      this.signal.throwIfAborted()
      for (const line of lines) {
        check.next(line)
        this.#bytes += line.bytes.length + 1
        if (line.record === undefined) continue
        this.#known.note(line.record)
        if (line.record.kind === 'file' && isStored(line.record.file)) this.#stored.push(line.record.file)
      }
    }
  }

  /** The bytes of a small file; undefined, and a problem, for what is none. */
  async #textOf(path: string): Promise<Buffer | undefined> {
    let text: Buffer | undefined
    if ((await this.#sizeOf(path)) === undefined) return undefined
    await this.#reading(path, async () => {
      text = await readFile(join(this.folder, path))
    })
    return text
  }

  /** Reads a file; false, and a problem, where the system does not let it be read. */
  async #reading(path: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error
      this.#add(path, `cannot be read (${errnoOf(error)})`)
      return false
    }
  }

  /** The length of a file; undefined, and a problem, for what is none. */
  async #sizeOf(path: string): Promise<number | undefined> {
    try {
      const found = await lstat(join(this.folder, path))
      if (found.isFile()) return found.size
      this.#add(path, found.isSymbolicLink() ? 'is a link' : 'is no file')
    } catch (error) {
      this.#add(path, errnoOf(error) === 'ENOENT' ? 'is missing' : `cannot be read (${errnoOf(error)})`)
    }
    return undefined
  }

  async #checkFile(
    path: string,
    {bytes, sha256}: {readonly bytes: number; readonly sha256: string},
  ): Promise<void> {
    const size = await this.#sizeOf(path)
    if (size === undefined) return
    this.#bytes += size
    if (size !== bytes) return this.#add(path, `has ${size} bytes in place of ${bytes}`)
    const sum = createHash('sha256')
    const isRead = await this.#reading(path, async () => {
      for await (const chunk of createReadStream(join(this.folder, path), {signal: this.signal}))
        sum.update(chunk)
    })
    if (isRead && sum.digest('hex') !== sha256) this.#add(path, 'was changed')
  }

  #add(file: string, problem: string, line?: number): void {
    this.#problems.push({file, ...(line === undefined ? {} : {line}), problem})
  }

  #report(root: string | undefined, manifest: Manifest | undefined): VerifyReport {
    const problems = this.#problems
    return {
      folder: this.folder,
      ok: problems.length === 0,
      root,
      source: manifest?.source,
      records: manifest?.chain.records ?? 0,
      messages: this.#known.counts.messages,
      files: this.#known.counts.files,
      bytes: this.#bytes,
      problems: problems.slice(0, MOST_PROBLEMS),
      more_problems: Math.max(0, problems.length - MOST_PROBLEMS),
    }
  }
}

/** What no folder has but that of an export; of one without a manifest, too. */
function isOfExport(name: string): boolean {
  return name === MANIFEST || name === CHECKPOINT || name === ROOT || PART.test(name)
}

/** A path that was changed must not lead out of the folder. */
function isStored(file: StoredFile | MissingFile): file is StoredFile {
  return 'path' in file && /^files\/[^/\\]+$/.test(file.path) && file.path !== `${FILES}/..`
}
