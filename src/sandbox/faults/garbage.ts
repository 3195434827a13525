/** A frame that no client can take for a message. */
interface BrokenFrame {
  readonly bytes: Buffer
  readonly isBinary: boolean
}

const text = (content: string): BrokenFrame => ({bytes: Buffer.from(content), isBinary: false})

const CUT_AFTER = Buffer.from('{"type":"room_message","data":{"content":"caf')
const HALF_OF_E_ACUTE = Buffer.from([0xc3])

const FRAMES: readonly BrokenFrame[] = [
  text('this is not JSON'),
  text('[1,2,3]'),
  {bytes: Buffer.from([0x00, 0xff, 0x7b, 0x7d]), isBinary: true},
  text('{"data":{"content":"a frame without a type"}}'),
  text('{"type":"room_message","data":"no object"}'),
  text('{"type":"room_message","data":{"content":"broken off'),
  // Broken UTF-8 in a text frame: by RFC 6455 the receiver must fail the connection, with 1007.
  {bytes: Buffer.concat([CUT_AFTER, HALF_OF_E_ACUTE]), isBinary: false},
]

/** The broken frame whose turn it is. */
export function brokenFrame(nth: number): BrokenFrame {
  return FRAMES[nth % FRAMES.length] ?? text('')
}
