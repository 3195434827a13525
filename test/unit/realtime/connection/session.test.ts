import {describe, expect, it} from 'vitest'
import {problemOf, refusalOf} from '../../../../src/lib/realtime/connection/session.js'

const follows = (roomId: number) => roomId === 15

describe('refusalOf', () => {
  it.each([
    ['auth_error', {code: 'INVALID_TOKEN', message: 'expired'}, 'signed_out', undefined],
    ['auth_error', {}, 'signed_out', undefined],
    ['auth_error', {code: 'RATE_LIMIT_EXCEEDED', retry_after: 3}, 'rate_limited', 3000],
    ['auth_error', {code: 'TRY_LATER', retry_after: 0.5}, 'rate_limited', 500],
    ['error', {code: 'INVALID_TOKEN'}, 'signed_out', undefined],
    ['error', {code: 'TOKEN_EXPIRED'}, 'signed_out', undefined],
    ['error', {code: 'ROOM_NOT_FOUND'}, 'not_found', undefined],
    ['error', {code: 'ROOM_NOT_FOUND', details: {room_id: 15}}, 'not_found', undefined],
    ['error', {code: 'PERMISSION_DENIED', details: null}, 'forbidden', undefined],
    ['error', {code: 'RATE_LIMIT_EXCEEDED', details: {retry_after: 9}}, 'rate_limited', 9000],
  ])('takes %s %j for %s', (type, data, code, retryAfterMs) => {
    const error = refusalOf({type, data}, follows, false)
    expect(error).toMatchObject({name: 'VezaError', code, retryAfterMs})
    expect(error?.serverCode).toBe((data as {code?: string}).code)
  })

  it.each([
    ['error', {code: 'MESSAGE_TOO_LONG'}],
    ['error', {code: 'constructor'}],
    ['error', {}],
    ['error', {code: 'ROOM_NOT_FOUND', room_id: 99}],
    ['error', {code: 'PERMISSION_DENIED', details: {room_id: 99}}],
    ['auth_success', {code: 'INVALID_TOKEN'}],
    ['room_message', {}],
    ['pong', {}],
  ])('does not end the session for %s %j', (type, data) => {
    expect(refusalOf({type, data}, follows, false)).toBeUndefined()
  })

  it('does not take a rate limit for a refused join once the room is joined', () => {
    const frame = {type: 'error', data: {code: 'RATE_LIMIT_EXCEEDED', retry_after: 1}}
    expect(refusalOf(frame, follows, true)).toBeUndefined()
    expect(refusalOf({type: 'error', data: {code: 'PERMISSION_DENIED'}}, follows, true)?.code).toBe(
      'forbidden',
    )
  })
})

describe('problemOf', () => {
  it.each([
    [{code: 'A', message: 'b'}, 'A: b'],
    [{message: 'b'}, 'b'],
    [{code: 7}, 'an error without a code'],
  ])('says %j as %s', (data, text) => {
    expect(problemOf({type: 'error', data})).toBe(text)
  })
})
