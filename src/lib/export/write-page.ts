import {createHash} from 'node:crypto'
import {type FileHandle, open, rename} from 'node:fs/promises'
import {join} from 'node:path'
import type {PageFacts} from '../../page/rows.js'
import {type PlacedLine, readChain} from './chain-reader.js'
import {onDisk} from './disk.js'
import type {Known} from './known.js'
import {PAGE} from './names.js'
import {blockAround, blockJson, type PageAssets, pageHead, pageTail} from './page-parts.js'
import {PageRows, shownName} from './page-rows.js'
import type {ChainState, ExportSource, Manifest, MemberList} from './types.js'
import type {ExportEffects} from './work.js'

/** How many rows a block of data has: the browser parses one at a time. */
const ROWS_A_BLOCK = 5_000
/** So much is collected before it is written. */
const CHUNK_CHARACTERS = 64 * 1024

/** What a page is made of. */
export interface PageOptions {
  readonly folder: string
  readonly chain: ChainState
  readonly known: Known
  readonly source: ExportSource
  readonly finishedAt: string
  readonly assets: PageAssets
  readonly effects: ExportEffects
}

/** Makes the page anew from the records and puts it in the place of the old one. @throws {VezaError} `failed`. */
export async function writePage(options: PageOptions): Promise<Manifest['page']> {
  const path = join(options.folder, PAGE)
  const temporary = `${path}.tmp`
  return onDisk(path, async () => {
    const handle = await open(temporary, 'w', 0o600)
    try {
      const page = new HashedFile(handle)
      await writeParts(page, options)
      await handle.sync()
      return {name: PAGE, bytes: page.bytes, sha256: page.digest()}
    } finally {
      await handle.close()
    }
  }).then(async page => {
    await onDisk(path, () => rename(temporary, path))
    return page
  })
}

async function writeParts(
  page: HashedFile,
  {folder, chain, known, source, finishedAt, assets, effects}: PageOptions,
) {
  const rows = new PageRows(source.server, known.counts.messages)
  await page.write(pageHead(assets))
  await writeRows(page, readChain(folder, chain.parts), rows, done => {
    effects.signal.throwIfAborted()
    effects.onProgress('page', done, chain.records)
  })
  const [begin, end] = blockAround('facts')
  const facts = factsOf(source, known, {finishedAt, omitted: rows.omitted})
  await page.write(`${begin}${blockJson(facts)}${end}${pageTail(assets)}`)
  await page.flush()
}

async function writeRows(
  page: HashedFile,
  chain: AsyncIterable<readonly PlacedLine[]>,
  rows: PageRows,
  onProgress: (done: number) => void,
): Promise<void> {
  const [begin, end] = blockAround('rows')
  let done = 0
  let inBlock = 0
  for await (const lines of chain) {
    for (const {record} of lines) {
      const row = record === undefined ? undefined : rows.row(record)
      if (row === undefined) continue
      const before = inBlock > 0 ? ',' : `${begin}[`
      inBlock = (inBlock + 1) % ROWS_A_BLOCK
      // A promise for each row would cost more than the row.
      const written = page.write(`${before}${blockJson(row)}${inBlock === 0 ? `]${end}` : ''}`)
      if (written !== undefined) await written
    }
    done += lines.length
    onProgress(done)
  }
  if (inBlock > 0) await page.write(`]${end}`)
}

function factsOf(
  {place, server, about}: ExportSource,
  known: Known,
  rest: Pick<PageFacts, 'finishedAt' | 'omitted'>,
): PageFacts {
  const members = known.about.get('members') as MemberList | undefined
  const description = 'description' in about && typeof about.description === 'string' ? about.description : ''
  const {kind} = place
  const name = shownName(place.name)
  const names = members?.items.map(({username}) => shownName(username)) ?? []
  return {
    title: kind === 'room' ? `#${name}` : `@${name}`,
    kind,
    server,
    description,
    members: names,
    ...rest,
  }
}

/** A file that is hashed as it is written. */
class HashedFile {
  readonly #hash = createHash('sha256')
  #pending: string[] = []
  #characters = 0
  bytes = 0

  constructor(private readonly handle: FileHandle) {}

  /** Adds text. A promise where it has to be written first: await it. */
  write(text: string): Promise<void> | undefined {
    this.#pending.push(text)
    this.#characters += text.length
    return this.#characters < CHUNK_CHARACTERS ? undefined : this.flush()
  }

  async flush(): Promise<void> {
    const data = Buffer.from(this.#pending.join(''))
    this.#pending = []
    this.#characters = 0
    this.#hash.update(data)
    this.bytes += data.length
    await this.handle.appendFile(data)
  }

  digest(): string {
    return this.#hash.digest('hex')
  }
}
