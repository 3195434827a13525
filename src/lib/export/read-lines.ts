import {open} from 'node:fs/promises'

const CHUNK_BYTES = 64 * 1024
const NEWLINE = 10

/** The lines of a file's first `bytes` bytes, without their newlines, some at a time. The last one may lack its newline. */
export async function* readLines(path: string, bytes = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer[]> {
  const handle = await open(path, 'r')
  try {
    let rest = Buffer.alloc(0)
    for (let at = 0; at < bytes; ) {
      const {bytesRead, buffer} = await handle.read({
        buffer: Buffer.allocUnsafe(Math.min(CHUNK_BYTES, bytes - at)),
        position: at,
      })
      if (bytesRead === 0) break
      at += bytesRead
      const {lines, tail} = split(Buffer.concat([rest, buffer.subarray(0, bytesRead)]))
      rest = tail
      yield lines
    }
    if (rest.length > 0) yield [rest]
  } finally {
    await handle.close()
  }
}

/** A line read from the end of a file, and how long the file is before it. */
export interface LineBefore {
  readonly text: string
  readonly start: number
}

/** The lines of a file's first `bytes` bytes, each with its newline, from the last to the first. One of 0 bytes need not be there. */
export async function* readLinesBackwards(path: string, bytes: number): AsyncGenerator<LineBefore[]> {
  if (bytes === 0) return
  const handle = await open(path, 'r')
  try {
    let rest = Buffer.alloc(0)
    for (let end = bytes; end > 0; ) {
      const size = Math.min(CHUNK_BYTES, end)
      const {buffer} = await handle.read({buffer: Buffer.allocUnsafe(size), position: end - size})
      end -= size
      const block = Buffer.concat([buffer, rest])
      // The first line of the block may begin before it.
      const first = end === 0 ? 0 : block.indexOf(NEWLINE) + 1
      rest = block.subarray(0, first)
      yield linesOf(block.subarray(first), end + first).reverse()
    }
  } finally {
    await handle.close()
  }
}

function linesOf(block: Buffer, from: number): LineBefore[] {
  let start = from
  return split(block).lines.map(line => {
    const found = {text: line.toString(), start}
    start += line.length + 1
    return found
  })
}

function split(block: Buffer): {lines: Buffer[]; tail: Buffer<ArrayBuffer>} {
  const lines: Buffer[] = []
  let from = 0
  for (let at = block.indexOf(NEWLINE); at !== -1; at = block.indexOf(NEWLINE, from)) {
    lines.push(block.subarray(from, at))
    from = at + 1
  }
  return {lines, tail: Buffer.from(block.subarray(from))}
}
