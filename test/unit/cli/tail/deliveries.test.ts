import {describe, expect, test} from 'vitest'
import type {Message} from '../../../../src/contract/resources.js'
import {HookDelivery, type TailHookItem} from '../../../../src/lib/cli/tail/hook-delivery.js'
import {PrintDelivery} from '../../../../src/lib/cli/tail/print-delivery.js'
import {FilelessCursor, item, ROOM} from './kit.js'

const checkpoint = (id: number) => ({type: 'checkpoint', channel: ROOM, id}) as const

function printer(keeper: FilelessCursor | undefined, flush = async (): Promise<void> => undefined) {
  const printed: Message[] = []
  const print = (message: Message): undefined => void printed.push(message)
  return {printed, delivery: new PrintDelivery({print, flush, keeper})}
}

describe('PrintDelivery', () => {
  test('it prints the message itself, a late one marked', () => {
    const {delivery, printed} = printer(undefined)
    const plain = item(1)
    delivery.message(plain)
    delivery.message(item(2, {}, true))
    expect(printed[0]).toBe(plain.message)
    expect(printed[1]).toEqual({id: 2, content: 'message 2', late: true})
  })

  test('without a cursor nothing waits', () => {
    const {delivery} = printer(undefined)
    delivery.message(item(1))
    expect(delivery.settle()).toBeUndefined()
  })

  test('a cursor passes what was printed or left out once the system has it, not before', async () => {
    const keeper = new FilelessCursor()
    let flushed = (): void => undefined
    const {delivery} = printer(keeper, () => new Promise(resolve => (flushed = resolve)))
    delivery.checkpoint(checkpoint(1))
    delivery.message(item(2))
    delivery.skipped(item(3))
    delivery.postponed(item(4))
    delivery.message(item(5))
    const settled = delivery.settle()
    expect(keeper.wanted(2, 3, 4, 5, 6)).toEqual([2, 3, 4, 5, 6])
    flushed()
    await settled
    expect(keeper.wanted(2, 3, 4, 5, 6)).toEqual([4, 6])
    expect(keeper.changes).toBe(2)
  })

  test('what the reader did not take is not passed', async () => {
    const keeper = new FilelessCursor()
    const gone = new Error('gone')
    const {delivery} = printer(keeper, () => Promise.reject(gone))
    delivery.message(item(1))
    await expect(delivery.settle()).rejects.toBe(gone)
    expect(keeper.wanted(1, 2)).toEqual([1, 2])
  })

  test('a checkpoint counts once all before it is done', async () => {
    const keeper = new FilelessCursor()
    const {delivery} = printer(keeper)
    for (const id of [11, 12]) delivery.message(item(id))
    delivery.checkpoint(checkpoint(20))
    expect(keeper.wanted(12, 15)).toEqual([12, 15])
    await delivery.settle()
    expect(keeper.wanted(12, 15, 20, 21)).toEqual([21])
  })
})

function hookDelivery(keeper: FilelessCursor | undefined, name?: string) {
  const taken: TailHookItem[] = []
  let idle = async (): Promise<void> => undefined
  const hooks = {
    take: (given: TailHookItem): undefined => void taken.push(given),
    idle: () => idle(),
  }
  const fail = (error: Error): void => {
    idle = () => Promise.reject(error)
  }
  return {taken, fail, delivery: new HookDelivery({hooks, keeper, nameOf: () => name})}
}

describe('HookDelivery', () => {
  test('a hook gets the record, with the name of the room where history leaves it out', () => {
    const {delivery, taken} = hookDelivery(undefined, 'general')
    delivery.message(item(1))
    delivery.message(item(2, {room_name: 'other'}, true))
    delivery.message({...item(3), channel: {kind: 'dm', id: 3}})
    expect(taken.map(({record}) => record)).toEqual([
      {id: 1, content: 'message 1', room_name: 'general'},
      {id: 2, content: 'message 2', room_name: 'other', late: true},
      {id: 3, content: 'message 3'},
    ])
    expect(hookDelivery(undefined).delivery.settle()).toBeUndefined()
  })

  test('a cursor passes what is left out at once, and what is taken not by that', () => {
    const keeper = new FilelessCursor()
    const {delivery} = hookDelivery(keeper)
    delivery.message(item(1))
    delivery.skipped(item(2))
    delivery.postponed(item(3))
    delivery.checkpoint(checkpoint(9))
    expect(keeper.wanted(1, 2, 3, 4)).toEqual([1, 3, 4])
    keeper.cursor.done(ROOM, 1)
    keeper.cursor.done(ROOM, 3)
    expect(keeper.wanted(1, 2, 3, 9, 10)).toEqual([10])
  })

  test('the end waits for the hooks, and throws what ended them', async () => {
    const {delivery, fail} = hookDelivery(undefined)
    await delivery.finish()
    const failure = new Error('hook failed')
    fail(failure)
    await expect(delivery.finish()).rejects.toBe(failure)
  })
})
