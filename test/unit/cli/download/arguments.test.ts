import {describe, expect, test} from 'vitest'
import {checkHash, parseSha256} from '../../../../src/lib/cli/download/check-hash.js'
import {fileIds, parseFileReference} from '../../../../src/lib/cli/download/file-reference.js'
import {isToStdout, placeOf} from '../../../../src/lib/cli/download/place.js'

const BASE = 'https://chat.example/veza/api/v1'
const ids = (...texts: string[]): number[] =>
  fileIds(
    texts.map(text => parseFileReference(text, 'FILE')),
    BASE,
  )

describe('a file', () => {
  test('is given by its id or its address, and taken once', () => {
    expect(
      ids('12', `${BASE}/files/13/download`, '/veza/api/v1/files/14/download', `${BASE}/files/15`, '12'),
    ).toEqual([12, 13, 14, 15])
  })

  test.each([
    'https://evil.example/veza/api/v1/files/1/download',
    'http://chat.example/veza/api/v1/files/1/download',
    'https://chat.example:8443/veza/api/v1/files/1/download',
    'https://user@evil.example/veza/api/v1/files/1/download',
    '//evil.example/veza/api/v1/files/1/download',
  ])('of another server is refused: %s', address => {
    expect(() => ids(address)).toThrow(expect.objectContaining({code: 'usage'}))
  })

  test.each([
    `${BASE}/files/x/download`,
    `${BASE}/rooms/1`,
    `${BASE}/files/1/download/../../../rooms`,
    'https://chat.example/api/v1/files/1/download',
    '0',
    'report.pdf',
    '-1',
    '',
  ])('is not %j', text => {
    expect(() => ids(text)).toThrow(expect.objectContaining({code: 'usage'}))
  })
})

describe('the place', () => {
  test('is the folder here unless said otherwise', () => {
    expect(placeOf({}, 3)).toEqual({output: undefined, folder: '.', existing: 'refuse'})
    expect(placeOf({dir: 'out', force: true}, 3)).toMatchObject({folder: 'out', existing: 'replace'})
    expect(placeOf({output: 'x', 'skip-existing': true}, 1)).toMatchObject({output: 'x', existing: 'keep'})
  })

  test.each([
    [{output: 'a', dir: 'b'}, 1],
    [{force: true, 'skip-existing': true}, 1],
    [{output: 'a'}, 2],
    [{sha256: 'a'}, 2],
    [{output: ''}, 1],
    [{dir: ''}, 1],
  ])('%j for %i is a usage error', (flags, count) => {
    expect(() => placeOf(flags, count)).toThrow(expect.objectContaining({code: 'usage'}))
  })

  test('is stdout for -, but not at a terminal nor with --json', () => {
    expect([
      isToStdout('-', false, false),
      isToStdout('x', true, true),
      isToStdout(undefined, true, true),
    ]).toEqual([true, false, false])
    expect(() => isToStdout('-', true, false)).toThrow(/terminal/)
    expect(() => isToStdout('-', false, true)).toThrow(/--json/)
  })
})

describe('the hash', () => {
  const [one, other] = ['a'.repeat(64), 'b'.repeat(64)]
  const file = (value?: string) => ({
    ...{fileName: undefined, contentType: undefined, totalBytes: 1, fromByte: 0, validator: undefined},
    digest: value === undefined ? undefined : ({algorithm: 'sha-256', value} as const),
    body: (async function* () {})(),
  })

  test('is checked against all that is known, and says whether anything is', () => {
    expect(checkHash(one, file(), undefined)).toBe(false)
    expect(checkHash(one, file(one), undefined)).toBe(true)
    expect(checkHash(one, file(), one)).toBe(true)
    for (const [digest, expected] of [
      [other, undefined],
      [undefined, other],
      [one, other],
      [other, one],
    ]) {
      expect(() => checkHash(one, file(digest), expected)).toThrow(
        expect.objectContaining({code: 'file_corrupt'}),
      )
    }
  })

  test('is given in hex', () => {
    expect(parseSha256(one.toUpperCase(), '--sha256')).toBe(one)
    for (const text of ['', one.slice(1), `${one}a`, 'z'.repeat(64)])
      expect(() => parseSha256(text, '--sha256')).toThrow(/^--sha256 wants/)
  })
})
