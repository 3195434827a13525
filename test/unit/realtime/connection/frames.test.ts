import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {encodeFrame, isAnswer, parseFrame} from '../../../../src/lib/realtime/connection/frames.js'

describe('encodeFrame', () => {
  it('never lets text become part of the frame', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), fc.dictionary(fc.string(), fc.jsonValue()), (type, data) => {
        const parsed = parseFrame(encodeFrame(type, data))
        expect(parsed).toEqual({frame: JSON.parse(JSON.stringify({type, data}))})
      }),
    )
  })
})

describe('parseFrame', () => {
  it('passes on a type it does not know', () => {
    expect(parseFrame('{"type":"party","data":{"at":8}}')).toEqual({frame: {type: 'party', data: {at: 8}}})
  })

  it.each(['{"type":"pong"}', '{"type":"pong","data":null}'])('takes %s as a frame without data', text => {
    expect(parseFrame(text)).toEqual({frame: {type: 'pong', data: {}}})
  })

  it.each([
    ['', 'a frame of 0 characters is not JSON'],
    ['{"type":"room_mess', 'a frame of 18 characters is not JSON'],
    ['[]', 'a frame is not an object'],
    ['null', 'a frame is not an object'],
    ['{"data":{}}', 'a frame has no type'],
    ['{"type":7,"data":{}}', 'a frame has no type'],
    ['{"type":"x","data":[1]}', "a frame's data is not an object"],
    ['{"type":"x","data":"y"}', "a frame's data is not an object"],
  ])('reports %s', (text, problem) => {
    expect(parseFrame(text)).toEqual({problem})
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string({unit: 'binary'}), text => void parseFrame(text)))
    fc.assert(fc.property(fc.json(), text => void parseFrame(text)))
  })
})

describe('isAnswer', () => {
  it.each(['auth_success', 'room_joined', 'message_sent', 'room_history', 'pong', 'error'])('%s', type => {
    expect(isAnswer(type)).toBe(true)
  })

  it.each(['room_message', 'reaction_added', 'user_presence', 'dm_created', 'something_new'])(
    'not %s',
    type => {
      expect(isAnswer(type)).toBe(false)
    },
  )
})
