import {expect, it} from 'vitest'
import {unseenRest} from '../../../src/lib/cli/unseen-rest.js'

const page = (shown: number, has_more: boolean, total?: number) => ({
  items: new Array(shown).fill(0),
  has_more,
  ...(total === undefined ? {} : {total}),
})

it.each([
  ['all are shown', page(3, false, 3), 50, undefined],
  ['a full page that says it is all', page(50, true, 50), 50, undefined],
  ['nothing is known of more', page(3, false), 50, undefined],
  ['a total above', page(50, true, 320), 50, '50 of 320: use --limit 100'],
  ['a total above the most there is', page(100, true, 320), 100, '100 of 320: ask for less'],
  ['a full page', page(50, true), 50, 'the first 50, there may be more: use --limit 100'],
])('%s', (_name, shown, limit, words) => {
  expect(unseenRest(shown, limit, 'ask for less')).toBe(words)
})
