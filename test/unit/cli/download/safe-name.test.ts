import {join, relative} from 'node:path'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {isPartOf, partName, safeFileName} from '../../../../src/lib/cli/download/safe-name.js'

describe('safeFileName', () => {
  test.each([
    ['report.pdf', 'report.pdf'],
    ['Prüfbericht 2026 (1).pdf', 'Prüfbericht 2026 (1).pdf'],
    ['../../../etc/passwd', 'passwd'],
    ['/etc/cron.d/evil', 'evil'],
    ['C:\\Windows\\system32\\evil.dll', 'evil.dll'],
    ['a/..\\b', 'b'],
    ['.bashrc', 'bashrc'],
    ['...hidden', 'hidden'],
    ['-rf', '_-rf'],
    ['stream:ads', 'stream_ads'],
    ['<b>|"?*', '_b_____'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['com1 .log', '_com1 .log'],
    ['lpt³', '_lpt³'],
    ['console.log', 'console.log'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['\u001b]0;title\u0007evil\u001b[31m', ']0;titleevil[31m'],
    ['line\nbreak\ttab', 'linebreaktab'],
    ['zero\u0000byte', 'zerobyte'],
    ['end. . .', 'end'],
    ['  spaces  ', 'spaces'],
    ['no\u00a0break', 'no break'],
    ['e\u0301.txt', 'é.txt'],
  ])('%j becomes %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe)
  })

  test.each(['', '.', '..', '../', 'a/', '/', '\\', '\u202e', '. .', '\u0000'])(
    'nothing is left of %j',
    name => {
      expect(safeFileName(name)).toBeUndefined()
    },
  )

  test('a long name is cut where a character ends, and keeps its ending', () => {
    const safe = safeFileName(`${'ü'.repeat(300)}.pdf`) ?? ''
    expect(Buffer.byteLength(safe)).toBe(200)
    expect(safe).toMatch(/^ü+\.pdf$/)
    expect(Buffer.byteLength(safeFileName(`a.${'x'.repeat(300)}`) ?? '')).toBe(200)
  })

  test('whatever came, it is one plain name in the folder', () => {
    const hostile = fc.string({
      unit: fc.oneof(
        fc.constantFrom(
          '/',
          '\\',
          '.',
          ' ',
          '-',
          ':',
          '\u0000',
          '\u202e',
          '\u001b',
          '\n',
          'con',
          'NUL',
          '😀',
        ),
        fc.string({unit: 'binary', minLength: 1, maxLength: 1}),
      ),
      maxLength: 400,
    })
    fc.assert(
      fc.property(hostile, name => {
        const safe = safeFileName(name)
        if (safe === undefined) return
        expect(safe).not.toMatch(/[/\\<>:"|?*\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|^[.\s-]|[.\s]$/u)
        expect(safe).not.toMatch(/^(con|nul)(\.|$)/i)
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(202)
        expect(relative('/folder', join('/folder', safe))).toBe(safe)
      }),
      {numRuns: 2_000},
    )
  })

  test('is never the name of a part, which would be removed as a leftover', () => {
    const part = partName('report.pdf', '0123456789ab')
    expect(isPartOf(part, 'report.pdf')).toBe(true)
    expect(isPartOf(part, 'other.pdf')).toBe(false)
    expect(isPartOf('report.pdf.part', 'report.pdf')).toBe(false)
    expect(safeFileName(part)).toBe('_report.pdf.0123456789ab.part_')
  })
})
