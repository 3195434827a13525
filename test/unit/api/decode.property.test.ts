import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import * as decoders from '../../../src/lib/api/decode.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'

const {decodePage, ...items} = decoders
const cases = Object.entries<decoders.Decoder<unknown>>(items)

const NAMES = [
  'id',
  'message_id',
  'user_id',
  'conversation_id',
  'parent_id',
  'parent_message_id',
  'content',
  'name',
]
const MORE = [
  'username',
  'reactions',
  'metadata',
  'access_token',
  'refresh_token',
  'file_id',
  'filename',
  'url',
  'size',
]
const field = fc.oneof(
  fc.constantFrom(...NAMES, ...MORE, 'emoji', 'count', 'users', '__proto__', 'other_user'),
  fc.string(),
)

/** JSON that is likely to pass for a resource: its names, ids and texts, nested anyhow. */
const {json} = fc.letrec(tie => ({
  leaf: fc.oneof(fc.jsonValue({maxDepth: 1}), fc.nat(), fc.nat().map(String), fc.string(), fc.constant(null)),
  json: fc.oneof(
    {maxDepth: 4},
    tie('leaf'),
    fc.array(tie('json'), {maxLength: 4}),
    fc
      .array(fc.tuple(field, tie('json')), {maxLength: 10})
      .map(entries =>
        JSON.parse(`{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',')}}`),
      ),
  ),
}))

/** As above, but with what each resource must have. */
const likely = fc
  .tuple(json, fc.record({id: fc.integer({min: 1}), text: fc.string({minLength: 1})}))
  .map(([value, {id, text}]) => ({
    ...(typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {rest: value}),
    ...{id, content: text, name: text, username: text, access_token: text},
    ...{file_id: id, filename: text, url: text, size: id},
  }))

/** The decoded value, or undefined where it was refused as it should be. */
function attempt(decode: decoders.Decoder<unknown>, value: unknown): unknown {
  try {
    return decode(value)
  } catch (error) {
    expect(error).toBeInstanceOf(VezaError)
    expect((error as VezaError).code).toBe('not_protocol')
    return undefined
  }
}

describe.each(cases)('%s', (name, decode) => {
  test('decodes or throws not_protocol, and decoding again changes nothing', () => {
    fc.assert(
      fc.property(fc.oneof(json, likely), value => {
        const decoded = attempt(decode, value)
        if (decoded !== undefined) expect(decode(decoded)).toEqual(decoded)
      }),
      {numRuns: 500},
    )
  })

  test('keeps unknown fields and does not touch its input', () => {
    let decodedOnce = false
    const known = new Set([...NAMES, ...MORE, 'other_user', 'user', 'last_message'])
    fc.assert(
      fc.property(likely, value => {
        const before = JSON.stringify(value)
        const decoded = attempt(decode, value)
        expect(JSON.stringify(value)).toBe(before)
        if (typeof decoded !== 'object' || decoded === null) return
        decodedOnce = true
        const own = new Map(Object.entries(decoded))
        for (const [key, unknown] of Object.entries(value))
          if (!known.has(key)) expect(own.get(key)).toEqual(unknown)
      }),
      {numRuns: 300},
    )
    expect(decodedOnce, `${name} decoded nothing: the property says nothing`).toBe(true)
  })
})

test('a page of anything decodes or throws not_protocol', () => {
  fc.assert(
    fc.property(json, value => {
      attempt(data => decodePage(data, 'messages', decoders.decodeMessage, 50), {messages: value})
      attempt(data => decodePage(data, 'messages', decoders.decodeMessage, 50), value)
    }),
  )
})
