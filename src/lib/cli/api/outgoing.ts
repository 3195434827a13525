import type {Frame} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import type {InputStream} from '../../output/io.js'
import {readFields} from './fields.js'
import {readFrames, readInput} from './input.js'

/** What the command line says of frames to send. */
export interface OutgoingWords {
  readonly type: string | undefined
  readonly flags: {
    readonly 'raw-field'?: readonly string[] | undefined
    readonly field?: readonly string[] | undefined
    readonly input?: string | undefined
  }
  readonly stdin: InputStream
}

/** The frames to send: the one of TYPE, those of `--input`, or none. @throws {VezaError} `usage` for both at once. */
export async function outgoingFrames({type, flags, stdin}: OutgoingWords): Promise<AsyncIterable<Frame>> {
  const {'raw-field': texts = [], field: typed = [], input} = flags
  const hasFields = texts.length > 0 || typed.length > 0
  if (input !== undefined && (type !== undefined || hasFields))
    throw new VezaError('usage', 'give TYPE with its fields, or --input, not both')
  if (type === undefined && hasFields) throw new VezaError('usage', '-f and -F want the TYPE of a frame')
  if (input !== undefined) return readFrames(input, stdin)
  const data = await readFields({texts, typed, read: path => readInput(path, stdin)})
  return framesOf(type === undefined ? [] : [{type, data}])
}

async function* framesOf(frames: readonly Frame[]): AsyncGenerator<Frame> {
  yield* frames
}
