import {createHash} from 'node:crypto'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {FileDownload} from '../../../../src/lib/api/file-download.js'
import type {DownloadOptions} from '../../../../src/lib/api/files.js'
import {
  openFile,
  type Sink,
  type TransferOptions,
  transfer,
} from '../../../../src/lib/cli/download/transfer.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

/** How a server answers one request. */
interface Answer {
  readonly content: string
  /** Breaks off after so many bytes of the body. */
  readonly breaksAfter?: number
  readonly ranges?: boolean
  readonly validator?: boolean
  readonly digest?: boolean
  /** Does not care for If-Range. */
  readonly heedless?: boolean
  readonly status?: number
}

const versionOf = (content: string): string => createHash('sha256').update(content).digest('hex')

/** A server that answers from a script; the last answer is repeated. */
function server(...answers: readonly Answer[]) {
  const asked: DownloadOptions[] = []
  const download = async (_id: number, options: DownloadOptions = {}): Promise<FileDownload> => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]!
    asked.push(options)
    if (answer.status !== undefined) throw new VezaError('refused', 'no', {status: answer.status})
    return fileOf(answer, options)
  }
  return {asked, download}
}

function fileOf(answer: Answer, {fromByte = 0, ifRange}: DownloadOptions): FileDownload {
  const {content, breaksAfter, ranges = true, heedless = false} = answer
  const version = versionOf(content)
  const isPart = ranges && fromByte > 0 && (heedless || ifRange === undefined || ifRange === version)
  const bytes = Buffer.from(content).subarray(isPart ? fromByte : 0)
  const step = Math.ceil((bytes.length + 1) / 5)
  return {
    ...{fileName: 'a', contentType: undefined, totalBytes: Buffer.byteLength(content)},
    fromByte: isPart ? fromByte : 0,
    validator: answer.validator === false ? undefined : version,
    digest: answer.digest === true ? {algorithm: 'sha-256', value: version} : undefined,
    body: bodyOf(bytes, step, breaksAfter),
  }
}

async function* bodyOf(
  bytes: Buffer,
  step: number,
  breaksAfter = Number.POSITIVE_INFINITY,
): AsyncIterable<Uint8Array> {
  for (let at = 0; at < Math.min(bytes.length, breaksAfter); at += step)
    yield bytes.subarray(at, Math.min(at + step, bytes.length, breaksAfter))
  if (breaksAfter <= bytes.length) throw new VezaError('unreachable', 'broken')
}

function memory(begun = '', mayRestart = true): Sink & {readonly text: string; readonly restarts: number} {
  let chunks: Buffer[] = [Buffer.from(begun)]
  let size = begun.length
  let restarts = 0
  return {
    get text() {
      return Buffer.concat(chunks).toString()
    },
    get restarts() {
      return restarts
    },
    get size() {
      return size
    },
    write: chunk => {
      chunks.push(Buffer.from(chunk))
      size += chunk.length
      return undefined
    },
    restart: async () => {
      if (!mayRestart) throw new VezaError('unreachable', 'cannot be taken back')
      restarts += 1
      chunks = []
      size = 0
    },
  }
}

async function bring(
  api: Pick<TransferOptions['api'], 'download'>,
  sink: Sink,
  more: Partial<TransferOptions> = {},
) {
  const options: TransferOptions = {
    ...{api, fileId: 1, retries: 3, signal: new AbortController().signal, random: () => 0},
    sleep: async () => undefined,
    onBytes: () => undefined,
    onBreak: () => undefined,
    ...more,
  }
  return transfer(await openFile(options), sink, options)
}

const TEXT = 'abcdefghijklmnop'

describe('a connection that breaks', () => {
  test('is taken up where it broke, for the same file', async () => {
    const {asked, download} = server({content: TEXT, breaksAfter: 7}, {content: TEXT})
    const sink = memory()
    const told: string[] = []
    await bring({download}, sink, {onBreak: reason => void told.push(reason)})
    expect(sink).toMatchObject({text: TEXT, restarts: 0})
    expect(asked.map(({fromByte, ifRange}) => [fromByte, ifRange])).toEqual([
      [0, undefined],
      [7, versionOf(TEXT)],
    ])
    expect(told).toEqual(['broken'])
  })

  test('begins anew where the file has changed, whether the server heeds If-Range or not', async () => {
    for (const heedless of [false, true]) {
      const sink = memory()
      const other = {content: TEXT.toUpperCase(), heedless}
      await bring(server({content: TEXT, breaksAfter: 7}, other), sink)
      expect(sink).toMatchObject({text: TEXT.toUpperCase(), restarts: 1})
    }
  })

  test('begins anew where nothing tells whether the file is the same', async () => {
    const {asked, download} = server(
      {content: TEXT, breaksAfter: 7, validator: false},
      {content: TEXT, validator: false},
    )
    const sink = memory()
    await bring({download}, sink)
    expect(sink).toMatchObject({text: TEXT, restarts: 1})
    expect(asked.map(({fromByte}) => fromByte)).toEqual([0, 0])
  })

  test('goes on by the digest alone', async () => {
    const byDigest = {content: TEXT, validator: false, digest: true}
    const {asked, download} = server({...byDigest, breaksAfter: 7}, byDigest)
    const sink = memory()
    await bring({download}, sink)
    expect(sink).toMatchObject({text: TEXT, restarts: 0})
    expect(asked[1]).toMatchObject({fromByte: 7, ifRange: undefined})
  })

  test('passes over what it has where a server sends all of the same file again', async () => {
    const sink = memory('', false)
    await bring(server({content: TEXT, breaksAfter: 7}, {content: TEXT, ranges: false}), sink)
    expect(sink.text).toBe(TEXT)
  })

  test('begins anew after a 416: the file became shorter', async () => {
    const sink = memory()
    await bring(server({content: TEXT, breaksAfter: 7}, {content: '', status: 416}, {content: 'abc'}), sink)
    expect(sink.text).toBe('abc')
  })

  test('is given up after so many tries that brought next to nothing', async () => {
    const {asked, download} = server({content: TEXT, breaksAfter: 1})
    await expect(bring({download}, memory(), {retries: 3})).rejects.toMatchObject({code: 'unreachable'})
    expect(asked).toHaveLength(4)
  })

  test('is not given up while it brings much', async () => {
    const content = 'x'.repeat(64 * 1024 * 6 - 1)
    const sink = memory()
    const {asked, download} = server({content, breaksAfter: 64 * 1024})
    await bring({download}, sink, {retries: 1})
    expect(sink.text).toBe(content)
    expect(asked).toHaveLength(6)
  })

  test('is given up when it brought much once, and then no more', async () => {
    const content = 'x'.repeat(64 * 1024 * 2)
    const {asked, download} = server({content, breaksAfter: 64 * 1024}, {content, breaksAfter: 1})
    await expect(bring({download}, memory(), {retries: 2})).rejects.toMatchObject({code: 'unreachable'})
    expect(asked).toHaveLength(3)
  })

  test('is no break when it is a failure of the place', async () => {
    const {asked, download} = server({content: TEXT})
    const full = {...memory(), write: () => Promise.reject(new VezaError('failed', 'full'))}
    await expect(bring({download}, full)).rejects.toMatchObject({message: 'full'})
    expect(asked[0]?.signal?.aborted).toBe(true)
    expect(asked).toHaveLength(1)
  })
})

describe('what an earlier run brought', () => {
  test('is gone on from', async () => {
    const {asked, download} = server({content: TEXT})
    const sink = memory('abcd')
    await bring({download}, sink)
    expect(sink).toMatchObject({text: TEXT, restarts: 0})
    expect(asked.map(({fromByte}) => fromByte)).toEqual([0, 4])
    expect(asked[0]?.signal?.aborted).toBe(true)
  })

  test('is all, and nothing more is asked for', async () => {
    const {asked, download} = server({content: TEXT})
    await bring({download}, memory(TEXT))
    expect(asked).toHaveLength(1)
  })

  test('is dropped where it is too long', async () => {
    const sink = memory(`${TEXT}!`)
    await bring(server({content: TEXT}), sink)
    expect(sink).toMatchObject({text: TEXT, restarts: 1})
  })
})

test('an empty file is whole at once', async () => {
  const sink = memory()
  await bring(server({content: ''}), sink)
  expect(sink.text).toBe('')
})

test('whatever a server does, what is whole is one version of the file, never two', async () => {
  const answer = fc.record({
    content: fc.constantFrom('', 'abc', 'abcdefgh', 'ABCDEFGH', 'abcdefghijkl'),
    breaksAfter: fc.option(fc.nat(12), {nil: undefined}),
    ranges: fc.boolean(),
    validator: fc.boolean(),
    digest: fc.boolean(),
    heedless: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, {minLength: 1, maxLength: 6}),
      fc.boolean(),
      async (answers, mayRestart) => {
        const sink = memory('', mayRestart)
        const {download} = server(...(answers as Answer[]))
        const file = await bring({download}, sink).catch((error: VezaError) => error)
        if (file instanceof VezaError) {
          expect(file.code).toBe('unreachable')
          return
        }
        expect(answers.map(({content}) => content)).toContain(sink.text)
        if (file.validator !== undefined) expect(versionOf(sink.text)).toBe(file.validator)
      },
    ),
    {numRuns: 1_000},
  )
})
