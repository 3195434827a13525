import fc from 'fast-check'
import {expect, test} from 'vitest'
import {type Line, readLines} from '../../../../src/lib/delivery/batch/lines.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function linesOf(input: Buffer | string, size = 7): Promise<Line[]> {
  const lines: Line[] = []
  for await (const some of readLines(chunksOf(Buffer.from(input), size), 'log.txt')) lines.push(...some)
  return lines
}

const textsOf = (lines: readonly Line[]): unknown[] =>
  lines.map(line => ('text' in line ? line.text : line.error.message))

test('LF and CRLF end a line, the last one needs no end, empty lines keep their number', async () => {
  expect(await linesOf('one\r\ntwo\n\nfour')).toEqual([
    {number: 1, text: 'one'},
    {number: 2, text: 'two'},
    {number: 3, text: ''},
    {number: 4, text: 'four'},
  ])
  expect(textsOf(await linesOf('one\n'))).toEqual(['one'])
  expect(await linesOf('')).toEqual([])
})

test('a byte order mark is left out at the start and nowhere else', async () => {
  expect(textsOf(await linesOf('\ufeffone\n\ufefftwo\n', 1))).toEqual(['one', '\ufefftwo'])
})

test('any text comes out as it went in, wherever the bytes are cut', async () => {
  const line = fc.string({unit: 'grapheme'}).filter(text => !/[\0\n\r]|^\ufeff/.test(text))
  const property = fc.asyncProperty(fc.array(line), fc.integer({min: 1, max: 9}), async (texts, size) => {
    const lines = await linesOf(texts.map(text => `${text}\n`).join(''), size)
    expect(textsOf(lines)).toEqual(texts)
    expect(lines.map(({number}) => number)).toEqual(texts.map((_, at) => at + 1))
  })
  await fc.assert(property)
})

test('a line that is no UTF-8 is an error with the offset of its first bad byte; the others are lines', async () => {
  const bytes = Buffer.concat([
    Buffer.from('\ufeffgood\nä'),
    Buffer.from([0xff]),
    Buffer.from('x\r\ngood again\r\n'),
  ])
  for (const size of [1, 4, 100]) {
    expect(textsOf(await linesOf(bytes, size))).toEqual([
      'good',
      'log.txt is not UTF-8 there: byte 10 does not fit',
      'good again',
    ])
  }
})

test('a NUL is no text: nothing of its piece is given out', async () => {
  const bytes = Buffer.from('one\ntwo\0\n')
  await expect(linesOf(bytes, 100)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('byte 7 is NUL'),
  })
})

test('a line above 1 MiB is refused with its number', async () => {
  const input = `one\n${'x'.repeat(1024 * 1024 + 1)}`
  const error = await linesOf(input, 65_536).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VezaError)
  expect(error).toMatchObject({code: 'refused', message: 'line 2 of log.txt is longer than 1 MiB'})
})
