import {describe, expect, test} from 'vitest'
import {readPlan, type TailRequest} from '../../../../src/lib/cli/tail/plan.js'

test('expressions are read, and --ignore-case holds for all of them', () => {
  const request = {grep: 'a+', highlight: ['b', 'c'], 'ignore-case': true}
  const {pattern, highlight} = readPlan(request, false)
  expect(pattern).toEqual(/a+/iu)
  expect(highlight).toEqual([/b/iu, /c/iu])
  expect(readPlan({match: 'x', 'ignore-case': false}, false).pattern).toEqual(/x/u)
  expect(readPlan({}, false)).toEqual({pattern: undefined, highlight: []})
})

test('what goes together passes', () => {
  const requests: readonly [TailRequest, boolean][] = [
    [{events: true}, true],
    [{format: '{{id}}', highlight: ['x']}, false],
    [{exec: 'true', 'max-parallel': 4, 'hook-retries': 0, 'dead-letter': 'x'}, true],
    [{cursor: 'a'}, false],
    [{since: {id: 1}, cursor: 'a'}, false],
    [{last: 0, resume: 'a'}, false],
    [{exec: 'true', 'hook-timeout': 1, 'idle-timeout': 1}, false],
  ]
  for (const [request, isJson] of requests) expect(() => readPlan(request, isJson)).not.toThrow()
})

describe('what does not go together is a usage error', () => {
  test.each<[string, TailRequest, boolean, string]>([
    ['two cursors', {cursor: 'a', resume: 'b'}, false, 'give --cursor or --resume, not both'],
    ['events as text', {events: true}, false, '--events wants --json'],
    ['a stream in order', {sort: 'id'}, true, '--sort is for lists, this is a stream'],
    ['an empty command', {exec: '  '}, false, '--exec is empty'],
    ['parallel nothing', {'max-parallel': 2}, false, '--max-parallel is for --exec, which is missing'],
    ['a timeout of nothing', {'hook-timeout': 2}, false, '--hook-timeout is for --exec, which is missing'],
    ['no retries of nothing', {'hook-retries': 0}, false, '--hook-retries is for --exec, which is missing'],
    ['letters of nothing', {'dead-letter': 'x'}, false, '--dead-letter is for --exec, which is missing'],
    ['a format of nothing', {exec: 'true', format: 'x'}, false, 'give --format or --exec, not both'],
    ['a filter of nothing', {exec: 'true', jq: '.'}, true, 'give --jq or --exec, not both'],
    ['columns of nothing', {exec: 'true', columns: 'id'}, false, 'give --columns or --exec, not both'],
    ['a template of nothing', {exec: 'true', template: 'x'}, false, 'give --template or --exec, not both'],
    [
      'highlights in nothing',
      {exec: 'true', highlight: ['x']},
      false,
      'give --highlight or --exec, not both',
    ],
    ['hooks for reactions', {exec: 'true', types: ['all']}, false, 'give --types or --exec, not both'],
    [
      'records amid the output of hooks',
      {exec: 'true', events: true},
      true,
      'give --events or --exec, not both',
    ],
    ['two beginnings', {since: {id: 1}, last: 0}, false, 'give --since or --last, not both'],
    ['no time for a hook', {exec: 'true', 'hook-timeout': 0}, false, '--hook-timeout must be more than 0'],
    ['no time at all', {'idle-timeout': 0}, false, '--idle-timeout must be more than 0'],
    ['no expression', {grep: '('}, false, '--grep is no regular expression: Unterminated group'],
    [
      'no expression to match',
      {match: '['},
      false,
      '--match is no regular expression: Unterminated character class',
    ],
    [
      'one that is none',
      {highlight: ['a', '*']},
      false,
      '--highlight is no regular expression: Nothing to repeat',
    ],
  ])('%s', (_what, request, isJson, message) => {
    expect(() => readPlan(request, isJson)).toThrow(expect.objectContaining({code: 'usage', message}))
  })
})
