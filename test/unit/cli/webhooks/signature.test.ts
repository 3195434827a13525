import {createHmac} from 'node:crypto'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {readDelivery} from '../../../../src/lib/cli/webhooks/delivery.js'
import {checkSignature} from '../../../../src/lib/cli/webhooks/signature.js'

const SECRET = 'It is a secret: ünïcode'
const sign = (body: Uint8Array, secret = SECRET) => createHmac('sha256', secret).update(body).digest('hex')
const BODY = Buffer.from('{"event":"test","data":{}}')

describe('a signature', () => {
  it('is that of a known example', () => {
    // RFC 4231, test case 2.
    const hex = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    expect(checkSignature(hex, Buffer.from('what do ya want for nothing?'), 'Jefe')).toBe('good')
  })

  it('is good in capitals too', () => {
    expect(checkSignature(sign(BODY), BODY, SECRET)).toBe('good')
    expect(checkSignature(sign(BODY).toUpperCase(), BODY, SECRET)).toBe('good')
  })

  it.each([
    ['missing', undefined],
    ['missing', ''],
    ['malformed', 'x'],
    ['malformed', sign(BODY).slice(1)],
    ['malformed', `${sign(BODY)}0`],
    ['malformed', ` ${sign(BODY)}`],
    ['malformed', `${sign(BODY)}\n`],
    ['malformed', `sha256=${sign(BODY)}`],
    ['malformed', `${sign(BODY)}, ${sign(BODY)}`],
    ['malformed', 'g'.repeat(64)],
    ['malformed', '٠'.repeat(64)],
    ['malformed', 'a'.repeat(1_000_000)],
    ['wrong', '0'.repeat(64)],
    ['wrong', sign(BODY, 'another')],
  ])('%s, case %#', (verdict, header) => {
    expect(checkSignature(header, BODY, SECRET)).toBe(verdict)
  })

  it('is of the raw bytes: none may differ', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({minLength: 1}),
        fc.nat(),
        fc.integer({min: 1, max: 255}),
        (body, at, change) => {
          const other = Uint8Array.from(body)
          const index = at % body.length
          other[index] = body[index]! ^ change
          expect(checkSignature(sign(body), body, SECRET)).toBe('good')
          expect(checkSignature(sign(body), other, SECRET)).toBe('wrong')
        },
      ),
    )
  })
})

describe('a delivery', () => {
  it('is any object with an event, its other fields kept', () => {
    const delivery = {event: 'x', data: [1], extra: null}
    expect(readDelivery(Buffer.from(JSON.stringify(delivery)))).toEqual(delivery)
  })

  it.each(['', 'null', '[]', '"event"', '{}', '{"event":1}', '{"event":"x"', '{"data":{}}'])(
    'is not: %s',
    text => {
      expect(readDelivery(Buffer.from(text))).toBeUndefined()
    },
  )

  it('is not what is no UTF-8', () => {
    expect(readDelivery(Buffer.from('{"event":"\xff"}', 'latin1'))).toBeUndefined()
  })
})
