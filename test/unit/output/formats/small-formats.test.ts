import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {formatBytes} from '../../../../src/lib/output/formats/bytes.js'
import {errorJson, errorStack, errorText} from '../../../../src/lib/output/formats/error.js'
import {jsonDocument, jsonRecord} from '../../../../src/lib/output/formats/json.js'

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [100 * 1024 ** 2, '100.0 MiB'],
    [3 * 1024 ** 3, '3.0 GiB'],
    [5000 * 1024 ** 4, '5000.0 TiB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})

describe('JSON', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('a', '"', '\n', '\x1b', '\x7f', '\x9b', '\u202e', '\u2028', '\u{e0041}'),
  })

  it('is indented at a terminal and compact in a pipe', () => {
    expect(jsonDocument({id: 1}, true)).toBe('{\n  "id": 1\n}\n')
    expect(jsonDocument({id: 1}, false)).toBe('{"id":1}\n')
    expect(jsonRecord({id: 1}, true)).toBe('{"id":1}\n')
  })

  it('keeps each value exact, at a terminal too', () => {
    fc.assert(
      fc.property(hostile, fc.boolean(), (content, isTTY) => {
        expect(JSON.parse(jsonDocument({content}, isTTY))).toEqual({content})
        expect(JSON.parse(jsonRecord({content}, isTTY))).toEqual({content})
      }),
    )
  })

  it('writes what a terminal could act on as escapes', () => {
    expect(jsonRecord('\x9b2J\u202e\x7f', true)).toBe('"\\u009b2J\\u202e\\u007f"\n')
    expect(jsonRecord('\u202e', false)).toBe('"\u202e"\n')
  })

  it('is one line a record', () => {
    fc.assert(
      fc.property(hostile, text => {
        expect(jsonRecord({text}, false).match(/\n/g)).toHaveLength(1)
      }),
    )
  })
})

describe('an error', () => {
  it('is one line, and one for the hint', () => {
    const error = new VezaError('not_found', 'no room "a\nb\x1b[31m"', {hint: 'see\nveza rooms list'})
    expect(errorText(error)).toBe('error: no room "a⏎b"\nhint: see⏎veza rooms list\n')
    expect(errorText(new VezaError('bug', 'x'))).toBe('error: x\n')
  })

  it('has in JSON the fields of the conventions', () => {
    const error = new VezaError('rate_limited', 'too\nfast', {
      hint: 'wait',
      status: 429,
      serverCode: 'RATE_LIMIT_EXCEEDED',
      requestId: 'r1',
      retryAfterMs: 1500,
    })
    const fields = {
      code: 'rate_limited',
      message: 'too\nfast',
      hint: 'wait',
      exit_code: 5,
      status: 429,
      server_code: 'RATE_LIMIT_EXCEEDED',
      request_id: 'r1',
      retryable: true,
      retry_after_ms: 1500,
    }
    expect(errorJson(error, false)).toBe(`${JSON.stringify({error: fields})}\n`)
  })

  it('leaves out what is absent', () => {
    const {error} = JSON.parse(errorJson(new VezaError('usage', 'x'), true))
    expect(error).toEqual({code: 'usage', message: 'x', exit_code: 2, retryable: false})
  })

  it('shows where it arose, without the messages of its causes', () => {
    const cause = new SyntaxError('Unexpected token in {"access_token":"secret"}')
    const stack = errorStack(new VezaError('not_protocol', 'no JSON', {cause}))
    expect(stack).toContain('small-formats.test')
    expect(stack).toContain('caused by SyntaxError')
    expect(stack).not.toContain('secret')
  })
})
