import {describe, expect, it} from 'vitest'
import {shapeFlagsOf} from '../../../../src/lib/cli/output/flags.js'
import {readOutputPlan} from '../../../../src/lib/cli/output/plan.js'

type Flags = Parameters<typeof readOutputPlan>[0]

describe('the format', () => {
  it.each<[string, Flags, boolean, object]>([
    ['text by default', {}, false, {format: 'text'}],
    ['JSON by a setting', {sort: 'id'}, true, {format: 'json'}],
    ['a word', {format: 'csv'}, false, {format: 'csv'}],
    ['a word before a setting', {format: 'text'}, true, {format: 'text'}],
    ['--json and a JSON by name', {json: true, format: 'ndjson'}, true, {format: 'ndjson', eachRecord: true}],
    [
      'a template in --format',
      {format: '{{id}}'},
      false,
      {format: 'template', template: {text: '{{id}}', source: '--format'}},
    ],
    [
      'a mark for each record',
      {format: '.'},
      false,
      {format: 'template', template: {text: '.', source: '--format'}},
    ],
    [
      '--template alone',
      {template: 'id'},
      false,
      {format: 'template', template: {text: 'id', source: '--template'}},
    ],
    [
      '--template named',
      {format: 'template', template: 'x'},
      false,
      {format: 'template', template: {text: 'x'}},
    ],
    ['a template in a file', {template: '@a b'}, false, {template: {file: 'a b', source: '--template'}}],
    ['jq', {jq: '.'}, false, {format: 'jq', jq: '.', eachRecord: false}],
    ['jq with --json', {jq: '.', json: true}, true, {format: 'jq', eachRecord: false}],
    ['jq for each record', {jq: '.', format: 'ndjson'}, true, {format: 'jq', eachRecord: true}],
    ['columns', {columns: ' id, a.b ', format: 'tsv'}, false, {columns: ['id', 'a.b']}],
    [
      'sorting',
      {sort: '-id,name'},
      false,
      {
        sort: [
          {name: 'id', isDescending: true},
          {name: 'name', isDescending: false},
        ],
      },
    ],
    ['sorted JSON', {sort: 'id', json: true}, true, {format: 'json'}],
  ])('%s', (_what, flags, isJson, expected) => {
    expect(readOutputPlan(flags, isJson)).toMatchObject(expected)
  })
})

describe('what does not go together is a usage error', () => {
  it.each<[Flags, string]>([
    [{format: 'cvs'}, '--format wants one of: text, table, json, ndjson, csv, tsv, template'],
    [{format: 'JSON'}, '--format wants one of: text, table, json, ndjson, csv, tsv, template'],
    [{format: ''}, '--format wants one of: text, table, json, ndjson, csv, tsv, template'],
    [{format: 'template'}, '--format template wants --template'],
    [{format: 'csv', template: 'x'}, 'give --format or --template, not both'],
    [{format: '{{id}}', template: 'x'}, 'give --format or --template, not both'],
    [{json: true, format: 'csv'}, 'give --format or --json, not both'],
    [{json: true, format: 'text'}, 'give --format or --json, not both'],
    [{json: true, format: '{{id}}'}, 'give --format or --json, not both'],
    [{json: true, template: 'x'}, 'give --template or --json, not both'],
    [{jq: '.', format: 'csv'}, 'give --format csv or --jq, not both'],
    [{jq: '.', format: '{{id}}'}, 'give --format or --jq, not both'],
    [{jq: '.', template: 'x'}, 'give --template or --jq, not both'],
    [{jq: '.', columns: 'id'}, 'give --columns or --jq, not both'],
    [{json: true, columns: 'id'}, 'give --columns or --json, not both'],
    [{format: 'ndjson', columns: 'id'}, 'give --columns or --format ndjson, not both'],
    [{template: 'x', columns: 'id'}, 'give --columns or --template, not both'],
    [{columns: ''}, '--columns has an empty name'],
    [{columns: 'a,,b'}, '--columns has an empty name'],
    [{columns: 'a..b'}, '--columns has an empty name'],
    [{columns: '.'}, '--columns has an empty name'],
    [{columns: 'id,name,id'}, '--columns names id twice'],
    [{sort: '-'}, '--sort has an empty name'],
    [{sort: 'id,-id'}, '--sort names id twice'],
  ])('%j', (flags, message) => {
    expect(() => readOutputPlan(flags, flags.json === true)).toThrow(
      expect.objectContaining({code: 'usage', message}),
    )
  })

  it('has a hint for a word that is nearly one', () => {
    expect(() => readOutputPlan({format: 'ndjsn'}, false)).toThrow(
      expect.objectContaining({hint: 'did you mean ndjson?'}),
    )
    expect(() => readOutputPlan({format: 'CSV'}, false)).toThrow(
      expect.objectContaining({hint: 'did you mean csv?'}),
    )
  })
})

it('a command’s own flag of the same name is none of the output', () => {
  expect(shapeFlagsOf({template: 'FILE', columns: 'id', jq: undefined}, {template: {}})).toEqual({
    columns: 'id',
  })
})
