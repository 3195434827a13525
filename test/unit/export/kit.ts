import {createHash} from 'node:crypto'
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import type {Message, Page} from '../../../src/contract/resources.js'
import {type ExportResult, exportPlace} from '../../../src/lib/export/export-place.js'
import type {ExportSource} from '../../../src/lib/export/types.js'
import {type VerifyReport, verifyExport} from '../../../src/lib/export/verify.js'

/** A record as a test reads it. */
export interface Line {
  readonly prev: string
  readonly seq: number
  readonly kind: string
  readonly message?: Message
  readonly deleted?: {readonly id: number}
  readonly file?: Readonly<Record<string, unknown>>
  readonly room?: {readonly name: string}
}

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'veza-export-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** A room whose messages a test changes, and which fails when it is told to. */
export class FakeRoom implements ExportSource {
  readonly place = {kind: 'room', id: 1, name: 'general'} as const
  readonly server = 'http://chat.test'
  about = {id: 1, name: 'general'}
  /** Oldest first. */
  messages: Message[] = []
  readonly files = new Map<number, {readonly name: string; readonly body: Buffer}>()
  pages = 0
  /** Called before each answer. */
  onCall: () => void = () => undefined

  post(...contents: readonly string[]): void {
    for (const content of contents) {
      const id = (this.messages.at(-1)?.id ?? 0) + 1
      this.messages.push({id, username: 'bob', content, created_at: '2026-11-22T12:00:00Z'})
    }
  }

  async members() {
    return {items: [{id: 2, username: 'alice', is_online: this.pages % 2 === 0}], has_more: false}
  }

  async page(beforeId = Number.POSITIVE_INFINITY): Promise<Page<Message>> {
    this.pages += 1
    this.onCall()
    const below = this.messages.filter(({id}) => id < beforeId).reverse()
    return {items: below.slice(0, 10), has_more: below.length > 10}
  }

  async download(fileId: number) {
    this.onCall()
    const file = this.files.get(fileId)
    if (file === undefined) throw new Error(`no file ${fileId}`)
    return {
      fileName: file.name,
      contentType: 'text/plain',
      fromByte: 0,
      validator: undefined,
      digest: undefined,
      body: (async function* () {
        yield file.body
      })(),
    }
  }
}

/** One run into the folder; each look at the clock is 400 ms later, so that checkpoints come often. */
export function runExport(source: ExportSource, folder: string, recheck = 1000): Promise<ExportResult> {
  let now = Date.UTC(2026, 10, 22)
  const effects = {
    now: () => {
      now += 400
      return now
    },
    signal: new AbortController().signal,
    version: '1.2.3',
    onProgress: () => undefined,
  }
  const assets = {script: 'go()', style: 'a{}', body: '<main></main>'}
  return exportPlace(source, {folder, recheck, files: true, assets}, effects)
}

export function verify(folder: string, root?: string): Promise<VerifyReport> {
  return verifyExport(folder, root, new AbortController().signal)
}

/** All records, after the chain was followed by other means than those under test. */
export function chainOf(folder: string): Line[] {
  const names = readdirSync(folder)
    .filter(name => name.startsWith('messages-'))
    .sort()
  const lines = names.flatMap(name => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
  let prev = '0'.repeat(64)
  return lines.map((line, index) => {
    const record = JSON.parse(line) as Line
    if (record.prev !== prev || record.seq !== index + 1)
      throw new Error(`line ${index + 1} is not linked: ${line}`)
    prev = createHash('sha256').update(line).digest('hex')
    return record
  })
}

/** The texts of the messages in the order of the records. */
export function contentsOf(folder: string): string[] {
  return chainOf(folder).flatMap(({kind, message}) =>
    kind === 'message' && message ? [message.content] : [],
  )
}

/** Every file below the folder with its bytes. */
export function bytesOf(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile())
  const paths = entries.map(entry => join(entry.parentPath, entry.name)).sort()
  return new Map(paths.map(path => [path.slice(folder.length + 1), readFileSync(path)]))
}
