import {expect, test} from 'vitest'
import {frameFilter, parseEventType} from '../../../../src/lib/cli/tail/event-types.js'

const FRAMES = [
  'reaction_added',
  'reaction_removed',
  'user_presence',
  'message_edited',
  'message_deleted',
  'user_joined',
  'something_new',
]

const wanted = (...types: Parameters<typeof frameFilter>[0]): string[] => {
  const filter = frameFilter(types)
  return FRAMES.filter(type => filter?.({type, data: {}}) ?? false)
}

test('messages alone ask for no frame', () => {
  expect(frameFilter([])).toBeUndefined()
  expect(frameFilter(['message'])).toBeUndefined()
})

test('each type has its events', () => {
  expect(wanted('reaction')).toEqual(['reaction_added', 'reaction_removed'])
  expect(wanted('message', 'presence')).toEqual(['user_presence'])
  expect(wanted('edit', 'reaction')).toEqual([
    'reaction_added',
    'reaction_removed',
    'message_edited',
    'message_deleted',
  ])
})

test('all is whatever the server tells unasked, known or not', () => {
  expect(wanted('all')).toEqual(FRAMES)
})

test('an unknown word is refused with those there are', () => {
  expect(parseEventType('edit', '--types')).toBe('edit')
  expect(() => parseEventType('edits', '--types')).toThrow(
    '--types wants one or more of: message, reaction, edit, presence, all',
  )
})
