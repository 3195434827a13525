import {describe, expect, test} from 'vitest'
import {GroupTeller} from '../../../../../src/lib/cli/bot/shared/group-teller.js'

function rig() {
  const told: string[] = []
  const state = {size: 0, areKnown: true, members: 0}
  const names = ['room:1', 'room:2', 'dm:3']
  const teller = new GroupTeller({
    out: {notice: text => void told.push(text)},
    channels: state,
    cluster: state,
    known: {names},
  })
  return {teller, told, state, names}
}

describe('GroupTeller', () => {
  test('ready once it is known how far all are, then each change', () => {
    const {teller, told, state} = rig()
    teller.whenReady(() => told.push('ready'))
    Object.assign(state, {members: 1})
    teller.changed()
    Object.assign(state, {size: 3, areKnown: false})
    teller.changed()
    expect(told).toEqual([])
    state.areKnown = true
    teller.changed()
    teller.changed()
    Object.assign(state, {size: 2, members: 2})
    teller.changed()
    expect(told).toEqual([
      'ready',
      'answering 3 of 3 channels, the only member',
      'answering 2 of 3 channels, one of 2 members',
    ])
  })

  test('ready with nothing to do: where others have all, and where there is nothing', () => {
    const second = rig()
    Object.assign(second.state, {members: 2})
    second.teller.whenReady(() => second.told.push('ready'))
    expect(second.told).toEqual(['ready', 'answering 0 of 3 channels, one of 2 members'])
    const alone = rig()
    alone.names.splice(0)
    Object.assign(alone.state, {members: 1})
    alone.teller.whenReady(() => alone.told.push('ready'))
    expect(alone.told[0]).toBe('ready')
  })
})
