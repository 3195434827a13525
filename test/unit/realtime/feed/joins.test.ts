import {describe, expect, it} from 'vitest'
import {Joins} from '../../../../src/lib/realtime/feed/joins.js'
import {Links} from '../../../../src/lib/realtime/feed/links.js'
import {Timeline} from '../../../../src/lib/realtime/feed/timeline.js'

/** A room that is joined, as often as it is followed, by one ping each. */
function rig() {
  const [joins, links] = [new Joins(), new Links()]
  const follow = () => {
    const channel = {kind: 'room', id: 15} as const
    const [link] = links.add([new Timeline({channel}, {settleMs: 1, pool: {held: 0}})])
    if (link === undefined) throw new Error('no link')
    return {link, ping: joins.begin([link])}
  }
  return {joins, follow}
}

describe('the joins of a connection', () => {
  it('are seen when their pong has come, and with it those before', () => {
    const {joins, follow} = rig()
    const [first, second, third] = [follow(), follow(), follow()]
    expect(joins.pong('fence 9')).toBe(false)
    expect(joins.pong(second.ping)).toBe(true)
    expect([first, second, third].map(({link}) => joins.isSeen(link))).toEqual([true, true, false])
    joins.pong(first.ping)
    expect(joins.isSeen(second.link)).toBe(true)
  })

  it('are acknowledged in their order, those of before too', () => {
    const {joins, follow} = rig()
    follow()
    const second = follow().link
    const answers = [undefined, second, second].map(link => joins.acknowledged(15, link))
    // The first came while the room was not followed.
    expect(answers).toEqual([false, false, true])
  })

  it('that were refused are not waited for, and neither are those of other rooms', () => {
    const {joins, follow} = rig()
    const first = follow()
    joins.pong(first.ping)
    expect([joins.refused(15, first.link), joins.refused(15, undefined)]).toEqual([true, false])
    expect([joins.acknowledged(15, follow().link), joins.acknowledged(8, undefined)]).toEqual([true, false])
    expect([joins.has(15), joins.has(8)]).toEqual([true, false])
  })

  it('are refused one by one before the pong of the first, and each as the last one behind it', () => {
    const {joins, follow} = rig()
    const first = follow()
    const second = follow().link
    expect(joins.refused(15, second)).toBe(false)
    expect(joins.acknowledged(15, second)).toBe(true)
    joins.pong(first.ping)
    expect(joins.refused(15, second)).toBe(true)
  })

  it('are shown by a message, where there was none before on this connection', () => {
    const {joins, follow} = rig()
    const first = follow().link
    const second = follow().link
    expect([first, second].map(link => joins.isShownByMessage(link))).toEqual([true, false])
    second.joined = true
    expect(joins.isShownByMessage(second)).toBe(true)
    joins.acknowledged(15, undefined)
    expect([first, second].map(link => joins.isShownByMessage(link))).toEqual([true, false])
  })
})
