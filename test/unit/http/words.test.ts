import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {throwIfAborted} from '../../../src/lib/http/abort.js'
import {networkFailure} from '../../../src/lib/http/network-error.js'
import {printable} from '../../../src/lib/http/printable.js'
import {displayUrl, redirectTarget, requestUrl} from '../../../src/lib/http/url.js'

const SERVER = 'https://chat.example'

describe('network failures in plain words', () => {
  test.each([
    ['ECONNREFUSED', 'the connection was refused', '--server', false],
    ['ENOTFOUND', 'there is no such host', '--server', false],
    ['EAI_AGAIN', 'could not be looked up', 'name server', false],
    ['ECONNRESET', 'the connection broke', '--server', false],
    ['EPIPE', 'the connection broke', '--server', false],
    ['ETIMEDOUT', 'timed out', 'proxy', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted', '--ca', true],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is not trusted', '--ca', true],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'no TLS connection', 'http://', true],
    ['HPE_INVALID_CONSTANT', 'speaks no HTTP', '--server', true],
    ['EWHATEVER', 'the connection failed: boom', '--server', false],
  ])('%s', (code, words, advice, permanent) => {
    const failure = networkFailure(Object.assign(new Error('boom'), {code}), SERVER)
    expect(failure.permanent).toBe(permanent)
    expect(failure.error.code).toBe('unreachable')
    expect(failure.error.message).toContain(`cannot reach ${SERVER}: `)
    expect(failure.error.message).toContain(words)
    expect(failure.error.message).toContain(code)
    expect(failure.error.hint).toContain(advice)
  })

  test('the address that refused is named: it may be that of a proxy', () => {
    const cause = Object.assign(new Error(), {code: 'ECONNREFUSED', address: '127.0.0.1', port: 3128})
    expect(networkFailure(cause, SERVER).error.message).toContain('refused by 127.0.0.1:3128')
  })

  test('a host with several addresses fails with several errors', () => {
    const cause = new AggregateError([Object.assign(new Error(), {code: 'ECONNREFUSED'})])
    expect(networkFailure(cause, SERVER).error.message).toContain('the connection was refused')
  })
})

test('printable: any text becomes one line of bounded length without control characters', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary', maxLength: 2000}), fc.integer({min: 1, max: 400}), (text, max) => {
      const line = printable(text, max)
      expect(Array.from(line).length).toBeLessThanOrEqual(max)
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    }),
  )
  expect(printable('grüße 👍')).toBe('grüße 👍')
})

describe('addresses', () => {
  test('path and query below the base, without the user and password of the base', () => {
    const query = {search: 'a&b=c d', limit: 5, offset: undefined, all: false}
    const url = requestUrl('https://me:pw@chat.example/api/v1/', {path: '/rooms', query})
    expect(url.href).toBe('https://chat.example/api/v1/rooms?search=a%26b%3Dc+d&limit=5&all=false')
    expect(displayUrl(url)).toBe('https://chat.example/api/v1/rooms')
  })

  test('redirects: of a GET, to HTTP', () => {
    const from = new URL('http://a/x/y')
    expect(redirectTarget('GET', 302, '../z', from)?.href).toBe('http://a/z')
    expect(redirectTarget('GET', 308, 'https://b/', from)?.href).toBe('https://b/')
    for (const [method, status, location] of [
      ['POST', 302, '/z'],
      ['GET', 304, '/z'],
      ['GET', 302, undefined],
      ['GET', 302, 'file:///etc/passwd'],
      ['GET', 302, 'http://['],
    ] as const) {
      expect(redirectTarget(method, status, location, from)).toBeUndefined()
    }
  })
})

test('an abort throws its own reason, or says interrupted', () => {
  const reason = new VezaError('timeout', 'time is up')
  expect(() => throwIfAborted(undefined, AbortSignal.abort(reason))).toThrow(reason)
  expect(() => throwIfAborted(AbortSignal.abort())).toThrow(expect.objectContaining({code: 'interrupted'}))
  expect(() => throwIfAborted(undefined, new AbortController().signal)).not.toThrow()
})
