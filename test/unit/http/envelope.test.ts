import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {VezaError} from '../../../src/lib/errors/veza-error.js'
import {type RawAnswer, readAnswer} from '../../../src/lib/http/envelope.js'

const CONTEXT = {method: 'GET', uploading: false, nowMs: 0}

function raw(status: number, body: unknown, headers: Record<string, string> = {}): RawAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {status, headers: {'content-type': 'application/json', ...headers}, text, complete: true}
}

function data(answer: RawAnswer, context = CONTEXT): unknown {
  const reading = readAnswer(answer, context)
  if (!reading.ok) throw reading.error
  return reading.data
}

function error(answer: RawAnswer, context = CONTEXT): VezaError {
  const reading = readAnswer(answer, context)
  if (reading.ok) throw new Error(`no error, but ${JSON.stringify(reading.data)}`)
  return reading.error
}

describe('data', () => {
  test.each([
    ['in the envelope', {success: true, data: {id: 1}}, {id: 1}],
    ['null in the envelope', {success: true, data: null}, null],
    ['none in the envelope', {success: true}, undefined],
    ['bare', {access_token: 'x'}, {access_token: 'x'}],
    ['a bare list', [1], [1]],
    ['with a field called success that is no envelope', {success: 'yes'}, {success: 'yes'}],
  ])('%s', (_name, body, expected) => {
    expect(data(raw(200, body))).toEqual(expected)
  })

  test('an empty body is fine for 204, and for anything but a GET', () => {
    expect(data(raw(204, ''))).toBeUndefined()
    expect(data(raw(200, ''), {...CONTEXT, method: 'DELETE'})).toBeUndefined()
    expect(error(raw(200, ''))).toMatchObject({
      code: 'not_protocol',
      message: expect.stringContaining('empty body'),
    })
  })
})

describe('errors by status and code', () => {
  test.each([
    [400, 'refused', 3],
    [401, 'signed_out', 4],
    [403, 'forbidden', 9],
    [404, 'not_found', 7],
    [407, 'unreachable', 6],
    [409, 'conflict', 8],
    [413, 'refused', 3],
    [418, 'refused', 3],
    [422, 'refused', 3],
    [429, 'rate_limited', 5],
    [500, 'server_error', 1],
    [503, 'server_error', 1],
    [302, 'not_protocol', 6],
  ])('%i is %s', (status, code, exitCode) => {
    expect(error(raw(status, {success: false, error: {code: 'X', message: 'no'}}))).toMatchObject({
      code,
      exitCode,
      status,
    })
  })

  test.each(['CONVERSATION_BLOCKED', 'USER_BLOCKED'])('%s is a conflict, whatever its status', serverCode => {
    const body = {success: false, error: {code: serverCode, message: 'blocked'}}
    expect(error(raw(403, body))).toMatchObject({code: 'conflict', serverCode, exitCode: 8})
  })

  test('413 to an upload is a file too large', () => {
    expect(error(raw(413, ''), {...CONTEXT, uploading: true}).code).toBe('file_too_large')
  })

  test('a failure under 200 goes by its code', () => {
    const body = (code: string) => raw(200, {success: false, error: {code, message: 'x'}})
    expect(error(body('ROOM_NOT_FOUND')).code).toBe('not_found')
    expect(error(body('RATE_LIMIT_EXCEEDED')).code).toBe('rate_limited')
    expect(error(body('constructor')).code).toBe('refused')
  })

  test("R's fields, or a request id in a header", () => {
    const body = {
      success: false,
      error: {code: 'VALIDATION_FAILED', message: 'name is short', request_id: 'r-1'},
    }
    expect(error(raw(422, body))).toMatchObject({serverCode: 'VALIDATION_FAILED', requestId: 'r-1'})
    expect(error(raw(422, body)).message).toBe('name is short (HTTP 422)')
    const inHeader = error(raw(502, '', {'x-request-id': 'r-2'}))
    expect(inHeader).toMatchObject({requestId: 'r-2', message: 'the server answered HTTP 502, request r-2'})
  })

  test.each([
    [{error: 'nope'}, 'nope (HTTP 400)'],
    [{code: 'X', message: 'bare'}, 'bare (HTTP 400)'],
    [{success: false}, 'the server answered HTTP 400'],
    [[], 'the server answered HTTP 400'],
  ])('other forms of an error: %j', (body, message) => {
    expect(error(raw(400, body)).message).toBe(message)
  })
})

describe('what to do is said', () => {
  test('sign in', () => {
    expect(error(raw(401, '')).hint).toBe('run `veza auth login`')
  })

  test('wait', () => {
    expect(error(raw(429, '', {'retry-after': '12'}))).toMatchObject({
      hint: 'try again in 12 s',
      retryAfterMs: 12_000,
    })
    expect(error(raw(429, '', {'retry-after': '600'})).hint).toBe('try again in 10 min')
    expect(error(raw(429, '')).hint).toBe('try again later')
  })

  test('shorten, by the word of the server', () => {
    const tooLong = {code: 'MESSAGE_TOO_LONG', message: 'too long', details: {max_length: 2000}}
    expect(error(raw(400, {success: false, error: tooLong})).hint).toBe('at most 2000 characters are allowed')
  })

  test('another address', () => {
    const hint = error(raw(301, '', {location: 'https://chat.example\u202e/'}), {
      ...CONTEXT,
      method: 'POST',
    }).hint
    expect(hint).toContain('https://chat.example /')
  })

  test('the proxy', () => {
    expect(error(raw(407, '')).hint).toContain('HTTPS_PROXY')
  })
})

describe('what is not the protocol', () => {
  test('HTML of a proxy', () => {
    const html = (status: number) =>
      raw(status, '<html>', {'content-type': 'text/html; charset=utf-8', 'x-request-id': 'q'})
    expect(error(html(200))).toMatchObject({
      code: 'not_protocol',
      message: 'the answer is no JSON (HTTP 200, text/html; charset=utf-8, request q)',
    })
    expect(error(html(503)).message).toBe('the server answered HTTP 503, text/html; charset=utf-8, request q')
  })

  test('JSON that is cut off may come whole next time', () => {
    expect(readAnswer(raw(200, '{"success":true,"da'), CONTEXT)).toMatchObject({
      broken: true,
      error: {code: 'not_protocol'},
    })
    expect(readAnswer({...raw(200, '{"suc'), complete: false}, CONTEXT)).toMatchObject({
      broken: true,
      error: {code: 'unreachable'},
    })
    expect(readAnswer(raw(200, 'hello'), CONTEXT)).toMatchObject({broken: false})
  })

  test('an error whose body broke off is still that error', () => {
    expect(error({...raw(413, '{"suc'), complete: false}).code).toBe('refused')
  })
})

test('text of a server is one line without control characters, and short', () => {
  const message = `a\u001b[31m\r\nb\u202ec\u0000${'x'.repeat(5000)}`
  const shown = error(raw(400, {success: false, error: {code: `A\u001b${'C'.repeat(900)}`, message}}))
  expect(shown.message).toMatch(/^a \[31m b c x+… \(HTTP 400\)$/)
  expect(shown.message.length).toBeLessThan(330)
  expect(shown.serverCode).toMatch(/^A C+…$/)
})

test('any answer is data or a VezaError', () => {
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map(error => JSON.stringify({success: false, error})),
  )
  fc.assert(
    fc.property(fc.integer({min: 200, max: 599}), body, fc.boolean(), (status, text, complete) => {
      const reading = readAnswer({status, headers: {}, text, complete}, CONTEXT)
      if (!reading.ok) expect(reading.error.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
      else expect(status).toBeLessThan(300)
    }),
  )
})
