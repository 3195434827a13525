import type {Readable} from 'node:stream'
import {VezaError} from '../errors/veza-error.js'

/** The largest answer that is taken, after decompression. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024

/** A body as text; `complete` is false where it broke off. */
export interface Body {
  readonly text: string
  readonly complete: boolean
}

/** Reads an answer to its end. Throws `not_protocol` where it is larger than 32 MiB: no answer of the API is. */
export async function readBody(stream: Readable): Promise<Body> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of stream) {
      bytes += chunk.length
      if (bytes > MAX_ANSWER_BYTES) {
        throw new VezaError('not_protocol', `the answer is larger than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`)
      }
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof VezaError) throw error
    return {text: decode(chunks), complete: false}
  }
  return {text: decode(chunks), complete: true}
}

function decode(chunks: readonly Buffer[]): string {
  // Not Buffer.toString: JSON may begin with a byte order mark, which the decoder drops.
  return new TextDecoder().decode(Buffer.concat(chunks))
}
