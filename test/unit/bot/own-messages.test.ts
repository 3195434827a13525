import {describe, expect, test} from 'vitest'
import {OwnMessages} from '../../../src/lib/bot/own-messages.js'

describe('OwnMessages', () => {
  test('knows a reply to one of its own', () => {
    const own = new OwnMessages()
    own.add(5)
    expect(own.isRepliedBy({parent_id: 5})).toBe(true)
    expect(own.isRepliedBy({parent_id: 6})).toBe(false)
    expect(own.isRepliedBy({parent_id: null})).toBe(false)
    expect(own.isRepliedBy({})).toBe(false)
  })

  test('forgets the oldest of many, and those alone', () => {
    const own = new OwnMessages()
    for (let id = 1; id <= 1001; id++) own.add(id)
    expect(own.isRepliedBy({parent_id: 1})).toBe(false)
    expect(own.isRepliedBy({parent_id: 2})).toBe(true)
    expect(own.isRepliedBy({parent_id: 1001})).toBe(true)
  })
})
