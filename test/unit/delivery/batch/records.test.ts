import {describe, expect, test} from 'vitest'
import {RecordReader} from '../../../../src/lib/delivery/batch/records.js'

function ndjson(...texts: readonly string[]) {
  return new RecordReader({kind: 'ndjson'}).read(texts.map((text, at) => ({number: at + 1, text})))
}

describe('lines', () => {
  test('each is a message; empty ones are counted and have no index', () => {
    const reader = new RecordReader({kind: 'lines', parentId: 7})
    expect(
      reader.read([
        {number: 1, text: 'one'},
        {number: 2, text: ''},
        {number: 3, text: ' '},
      ]),
    ).toEqual([
      {index: 1, line: 1, content: 'one', parentId: 7},
      {index: 2, line: 3, content: ' ', parentId: 7},
    ])
    expect([reader.count, reader.emptyLines]).toEqual([2, 1])
  })

  test('a long one is split, its parts have the line of the whole', () => {
    const reader = new RecordReader({kind: 'lines', splitAt: 5})
    const records = reader.read([{number: 4, text: 'one two three'}])
    expect(records.map(record => [record.index, record.line, 'content' in record && record.content])).toEqual(
      [
        [1, 4, 'one'],
        [2, 4, 'two'],
        [3, 4, 'three'],
      ],
    )
  })
})

describe('ndjson', () => {
  test('content, reply_to, metadata and key are taken over; null counts as not there', () => {
    expect(
      ndjson(
        '{"content": "a", "reply_to": 5, "metadata": {"build": 7}, "key": "deploy-42"}',
        '{"content": "b", "reply_to": null, "metadata": null, "key": null}',
      ),
    ).toEqual([
      {index: 1, line: 1, content: 'a', parentId: 5, metadata: {build: 7}, key: 'deploy-42'},
      {index: 2, line: 2, content: 'b'},
    ])
  })

  test.each([
    ['{"content": "a"', 'the record is not JSON'],
    ['["a"]', 'the record is not a JSON object'],
    ['{"text": "a"}', 'the record has an unknown field "text"'],
    ['{"reply_to": 5}', 'the record has no content'],
    ['{"content": ""}', 'the record has no content'],
    ['{"content": "a", "reply_to": "5"}', 'the record has a reply_to that is no message id'],
    ['{"content": "a", "metadata": []}', 'the record has metadata that is no object'],
    [
      '{"content": "a", "metadata": {"client_id": "x"}}',
      'the record has a metadata.client_id, which veza sets itself',
    ],
    ['{"content": "a", "key": " "}', 'the record has a key that is no text'],
  ])('%s is an error', (text, message) => {
    expect(ndjson('{"content": "before"}', text)[1]).toMatchObject({
      index: 2,
      line: 2,
      error: {code: 'usage', message},
    })
  })
})
