import {expect, test} from 'vitest'
import {begunLedger} from '../../../../src/lib/cli/bot/begun-ledger.js'
import {progressText, readProgress} from '../../../../src/lib/cli/bot/shared/channel-text.js'

test('a ledger of one message: begun by another, by this one, arrived, gone', () => {
  expect(begunLedger(5).find('x')).toEqual({startedMs: 5})
  const ledger = begunLedger(undefined)
  expect(ledger.find('x')).toBeUndefined()
  ledger.begin('x', 7)
  ledger.begin('x', 8)
  expect(ledger.find('x')).toEqual({startedMs: 7})
  ledger.created('x', 100)
  expect(ledger.find('x')).toEqual({startedMs: 7, messageId: 100})
  ledger.forget('x')
  expect(ledger.find('x')).toEqual({startedMs: 7})
})

test.each([undefined, '', '7', 'x ', '7 !!', '-1 '])('%j says nothing of how far a channel is', text => {
  expect(readProgress(text)).toBeUndefined()
})

test('how far a channel is comes back as it was', () => {
  const progress = readProgress('12 ')
  expect(progress?.afterId).toBe(12)
  progress?.done.add(15)
  progress?.done.add(16)
  expect(progress && readProgress(progressText(progress))?.done.above(12, 9)).toEqual([15, 16])
})
