import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {readFields} from '../../../../src/lib/cli/api/fields.js'

const read = async (path: string): Promise<string> => `text of ${path}`
const fields = (texts: string[], typed: string[] = []) => readFields({texts, typed, read})
const plain = async (texts: string[], typed: string[] = []) =>
  JSON.parse(JSON.stringify(await fields(texts, typed)))

describe('fields of -f', () => {
  test('values stay text, whatever they look like', async () => {
    expect(await plain(['a=1', 'b=true', 'c=@x', 'd=', 'e=x=y'])).toEqual({
      a: '1',
      b: 'true',
      c: '@x',
      d: '',
      e: 'x=y',
    })
  })

  test('a[b] is a field of a field, a[] one of a list', async () => {
    expect(await plain(['a[b]=1', 'a[c][d]=2', 'l[]=x', 'l[]=y'])).toEqual({
      a: {b: '1', c: {d: '2'}},
      l: ['x', 'y'],
    })
  })

  test('__proto__ is a field like any other', async () => {
    const made = await fields(['__proto__[x]=1', 'constructor[prototype][y]=2'])
    expect(JSON.stringify(made)).toBe('{"__proto__":{"x":"1"},"constructor":{"prototype":{"y":"2"}}}')
    expect(Reflect.get({}, 'x')).toBeUndefined()
    expect(Reflect.get({}, 'y')).toBeUndefined()
  })

  test.each([
    [['secret-without-a-key'], '-f wants KEY=VALUE'],
    [['=x'], '-f wants KEY=VALUE'],
    [['a=1', 'a=2'], '-f: a key is given twice, or as two different things'],
    [['a=1', 'a[b]=2'], '-f: a key is given twice, or as two different things'],
    [['a[]=1', 'a[b]=2'], '-f: a key is given twice, or as two different things'],
    [['a[b=1'], '-f: a key is NAME, NAME[FIELD] or NAME[]'],
    [['a]=1'], '-f: a key is NAME, NAME[FIELD] or NAME[]'],
  ])('%j is a usage error that repeats no value', async (words, message) => {
    await expect(fields(words)).rejects.toMatchObject({code: 'usage', message})
  })

  test('any text comes through exactly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({unit: 'grapheme'}), async value => {
        expect((await fields([`key=${value}`])).key).toBe(value)
      }),
    )
  })
})

describe('fields of -F', () => {
  test('true, false, null and numbers are what they look like', async () => {
    expect(await plain([], ['a=true', 'b=false', 'c=null', 'd=12', 'e=-0.5', 'f=text'])).toEqual({
      a: true,
      b: false,
      c: null,
      d: 12,
      e: -0.5,
      f: 'text',
    })
  })

  test('a number that JSON would change stays text', async () => {
    expect(await plain([], ['a=007', 'b=12345678901234567890', 'c=1e400', 'd=1.0'])).toEqual({
      a: '007',
      b: '12345678901234567890',
      c: '1e400',
      d: '1.0',
    })
  })

  test('@FILE is the text of the file', async () => {
    expect(await plain([], ['a=@notes.txt', 'b=@-'])).toEqual({a: 'text of notes.txt', b: 'text of -'})
  })
})
