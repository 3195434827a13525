import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {InOrder} from '../../../../src/lib/realtime/cursor/in-order.js'

describe('ids that are finished in another order than taken', () => {
  it('are finished as far as there is no gap', () => {
    const order = new InOrder()
    for (const id of [7, 5, 9, 8]) order.take(id)
    const seen = [5, 9, 7, 8].map(id => {
      order.finish(id)
      return order.finished
    })
    expect(seen).toEqual([0, 0, 3, 4])
    expect(order.taken).toBe(4)
  })

  it('are counted right in the end, also in thousands with some always open', () => {
    const order = new InOrder()
    for (let id = 1; id <= 20_000; id += 1) {
      order.take(id)
      if (id > 100) order.finish(id - 100)
    }
    expect(order.finished).toBe(19_900)
    for (let id = 19_901; id <= 20_000; id += 1) order.finish(id)
    expect(order.finished).toBe(20_000)
  })

  it('tell what a plain count tells', () => {
    const ids = fc.uniqueArray(fc.integer({min: 1, max: 99}), {minLength: 1})
    const orders = ids.chain(taken =>
      fc.tuple(fc.constant(taken), fc.shuffledSubarray(taken, {minLength: taken.length})),
    )
    fc.assert(
      fc.property(orders, fc.nat(99), ([taken, finished], ahead) => {
        const order = new InOrder()
        for (const id of taken) order.take(id)
        const some = finished.slice(0, ahead)
        for (const id of some) order.finish(id)
        const firstOpen = taken.findIndex(id => !some.includes(id))
        expect(order.finished).toBe(firstOpen === -1 ? taken.length : firstOpen)
      }),
    )
  })
})
