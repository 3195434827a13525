import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {dispositionName} from '../../../src/lib/api/disposition.js'
import {fileDigest} from '../../../src/lib/api/file-digest.js'
import {fileDownload} from '../../../src/lib/api/file-download.js'
import {contentRange} from '../../../src/lib/http/content-range.js'

const HEX = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03'
const BASE64 = 'WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM='
const body = (async function* () {})()
const read = (headers: Record<string, string>, status: 200 | 206 = 200) =>
  fileDownload({status, headers, body})

describe('the name in a Content-Disposition', () => {
  test.each([
    ['attachment; filename="report.pdf"', 'report.pdf'],
    ['attachment; filename=report.pdf', 'report.pdf'],
    ['attachment; filename="a \\"b\\" \\\\c"', 'a "b" \\c'],
    ['attachment; filename="x"; filename*=UTF-8\'\'%C3%BC%20%F0%9F%98%80.txt', 'ü 😀.txt'],
    ["attachment; filename*=iso-8859-1'de'%FC.txt", 'ü.txt'],
    ['inline; FILENAME="UP.TXT"', 'UP.TXT'],
    [`attachment; filename="${Buffer.from('ü.txt').toString('latin1')}"`, 'ü.txt'],
    ['attachment; filename="\u00fc.txt"', 'ü.txt'],
    ['attachment; filename*=UTF-8\'\'%E0%A4; filename="plain"', 'plain'],
    ['attachment; filename="../../etc/passwd"', '../../etc/passwd'],
    ['attachment; filename=""', undefined],
    ['attachment', undefined],
    ['', undefined],
  ])('%s', (header, name) => {
    expect(dispositionName(header)).toBe(name)
  })

  test('is undefined without one; no header is too odd to read', () => {
    expect(dispositionName(undefined)).toBeUndefined()
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), text => void dispositionName(`a; filename*=UTF-8''${text}`)),
    )
    fc.assert(fc.property(fc.string({unit: 'binary'}), text => void dispositionName(text)))
  })
})

describe('the digest', () => {
  test.each([
    [{'repr-digest': `sha-256=:${BASE64}:`}],
    [{'repr-digest': `sha-512=:AAAA:, sha-256=:${BASE64}:`}],
    [{'content-digest': `sha-256=:${BASE64}:`}],
    [{digest: `MD5=abc,SHA-256=${BASE64}`}],
    [{etag: `"sha256:${HEX.toUpperCase()}"`}],
    [{etag: `"sha256-${BASE64}"`}],
  ])('is read from %j', headers => {
    expect(fileDigest(headers, true)).toEqual({algorithm: 'sha-256', value: HEX})
  })

  test.each([
    [{}],
    [{'repr-digest': 'sha-256=:AAAA:'}],
    [{'repr-digest': `md5=:${BASE64}:`}],
    [{'repr-digest': `xsha-256=:${BASE64}:`}],
    [{digest: 'SHA-256=?'}],
    [{etag: `"${HEX}"`}],
    [{etag: `W/"sha256:${HEX}"`}],
  ])('is none in %j', headers => {
    expect(fileDigest(headers, true)).toBeUndefined()
  })

  test('of the content is that of the file only where the whole of it comes', () => {
    expect(fileDigest({'content-digest': `sha-256=:${BASE64}:`}, false)).toBeUndefined()
  })
})

describe('a download', () => {
  test('of the whole begins at 0 and is as long as announced', () => {
    expect(read({'content-length': '6', 'content-type': 'text/plain', etag: '"x"'})).toEqual({
      ...{fileName: undefined, contentType: 'text/plain', totalBytes: 6, fromByte: 0, validator: '"x"'},
      ...{digest: undefined, body},
    })
    expect(read({'content-length': 'many'}).totalBytes).toBeUndefined()
  })

  test('of a part says where it begins, and how large the file is', () => {
    const part = {'content-range': 'bytes 2-5/6', 'content-length': '4'}
    expect(read(part, 206)).toMatchObject({fromByte: 2, totalBytes: 6})
    expect(read({...part, 'content-range': 'bytes 2-5/*'}, 206)).toMatchObject({
      fromByte: 2,
      totalBytes: undefined,
    })
  })

  test.each([
    [{etag: '"strong"'}, '"strong"'],
    [{etag: 'W/"weak"'}, undefined],
    [{etag: 'bare'}, undefined],
    [
      {'last-modified': 'Sun, 22 Nov 2026 10:00:00 GMT', date: 'Sun, 22 Nov 2026 10:01:00 GMT'},
      'Sun, 22 Nov 2026 10:00:00 GMT',
    ],
    [{'last-modified': 'Sun, 22 Nov 2026 10:00:00 GMT', date: 'Sun, 22 Nov 2026 10:00:59 GMT'}, undefined],
    [{'last-modified': 'Sun, 22 Nov 2026 10:00:00 GMT'}, undefined],
  ])('has in %j the validator %j', (headers, validator) => {
    expect(read(headers).validator).toBe(validator)
  })
})

describe('Content-Range', () => {
  test.each(['bytes 0-0/1', ' BYTES 5-9/10 ', 'bytes 0-4/*'])('%j is one', value => {
    expect(contentRange(value)).toBeDefined()
  })

  test.each([
    undefined,
    '',
    'bytes */10',
    'bytes 5-4/10',
    'bytes 0-10/10',
    'items 0-1/2',
    'bytes 0-1',
    'bytes 0-1/2, 3-4/5',
  ])('%j is none', value => {
    expect(contentRange(value)).toBeUndefined()
  })
})
