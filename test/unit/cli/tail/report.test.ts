import {expect, test} from 'vitest'
import {reportFeedEvent} from '../../../../src/lib/cli/tail/report.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import type {Printer} from '../../../../src/lib/output/printer.js'
import {ROOM} from './kit.js'

test('says which channel is followed no longer, and why', () => {
  const warnings: string[] = []
  const out = {warn: (text: string) => warnings.push(text)} as unknown as Printer
  const followed = {channels: [ROOM], label: '', isOne: false, nameOf: () => 'doomed'}
  const error = new VezaError('not_found', 'There is no such room (HTTP 404)')
  reportFeedEvent({type: 'unfollowed', channel: ROOM, error}, followed, out)
  expect(warnings).toEqual(['no longer following #doomed: There is no such room (HTTP 404)'])
})
