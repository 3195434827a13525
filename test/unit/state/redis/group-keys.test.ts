import {describe, expect, it} from 'vitest'
import {groupKeys} from '../../../../src/lib/state/redis/group-keys.js'

/** As Redis Cluster reads it: what is in the first pair of braces, if that is not empty. */
function tagOf(key: string): string {
  const open = key.indexOf('{')
  const close = key.indexOf('}', open + 1)
  return open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key
}

describe('the keys of a group', () => {
  it('are named after the stream', () => {
    const keys = groupKeys('orders')
    expect([keys.members, keys.leases, keys.fence, keys.of('cursors')]).toEqual([
      '{orders}:veza:members',
      '{orders}:veza:leases',
      '{orders}:veza:fence',
      '{orders}:veza:cursors',
    ])
    expect(groupKeys('orders', 'bot').members).toBe('{orders}:bot:members')
  })

  it.each(['orders', 'shop:{7}:orders', '{7}', 'orders{', '{}orders'])('share the slot of %s', stream => {
    expect(tagOf(groupKeys(stream).leases)).toBe(tagOf(groupKeys(stream).of('done:12')))
  })

  it.each(['orders', 'shop:{7}:orders', '{7}'])('lie beside the key %s itself', stream => {
    expect(tagOf(groupKeys(stream).leases)).toBe(tagOf(stream))
  })
})
