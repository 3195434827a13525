import {isUtf8} from 'node:buffer'
import {VezaError} from '../../errors/veza-error.js'
import type {InputStream} from '../../output/io.js'
import {openBatchSource} from '../send/batch-source.js'
import {type MemberList, parseMembers} from './member-csv.js'

/** Far above any list of members, and below what would fill the memory. */
const MAX_BYTES = 8 * 1024 * 1024

/**
 * Reads the list of members in a file, `-` for stdin: see `parseMembers`.
 * @throws {VezaError} `file_unreadable`; `usage` for what is no such list at all, or larger than 8 MiB.
 */
export async function readMemberFile(
  file: string,
  stdin: InputStream,
  signal: AbortSignal,
): Promise<MemberList> {
  const source = await openBatchSource(file, stdin)
  const close = (): void => source.close()
  signal.addEventListener('abort', close, {once: true})
  try {
    return await parseMembers(textOf(await readAll(source.bytes, source.name), source.name), source.name)
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
}

async function readAll(source: AsyncIterable<Uint8Array>, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of source) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MAX_BYTES) throw new VezaError('usage', `${name} is larger than 8 MiB: no list of members is`)
  }
  return Buffer.concat(chunks)
}

/** A byte order mark is left out. */
function textOf(bytes: Buffer, name: string): string {
  if (isUtf8(bytes) && !bytes.includes(0)) return new TextDecoder().decode(bytes)
  throw new VezaError('usage', `${name} is not UTF-8 text`, {
    hint: 'save it as UTF-8, or convert it, such as with: iconv -f UTF-16 -t UTF-8',
  })
}
