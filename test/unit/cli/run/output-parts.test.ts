import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {describe, expect, onTestFinished, test} from 'vitest'
import {LastOutput} from '../../../../src/lib/cli/run/last-output.js'
import {LogFile} from '../../../../src/lib/cli/run/log-file.js'
import {logUpload} from '../../../../src/lib/cli/run/log-upload.js'
import {Masker} from '../../../../src/lib/cli/run/mask/masker.js'
import {WholeLines} from '../../../../src/lib/cli/run/whole-lines.js'

const masker = new Masker({variables: {MY_SECRET: 'hunter2'}, patterns: []})

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'veza-log-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

function openLog(maxBytes: number, folder = temporaryFolder()): LogFile {
  const log = new LogFile(maxBytes, folder)
  onTestFinished(() => log.close())
  return log
}

const textOf = (log: LogFile): string => Buffer.concat([...log.read()]).toString('latin1')

describe('WholeLines', () => {
  test('hands on whole lines, and every byte once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({maxLength: 20}).map(bytes => Buffer.from(bytes.map(byte => byte % 12)))),
        chunks => {
          const parts: Buffer[] = []
          const lines = new WholeLines(part => parts.push(part))
          for (const chunk of chunks) lines.push(chunk)
          for (const part of parts) expect(part.at(-1)).toBe(10)
          lines.end()
          expect(Buffer.concat(parts)).toEqual(Buffer.concat(chunks))
        },
      ),
    )
  })

  test('a line without end is handed on in parts', () => {
    const sizes: number[] = []
    const lines = new WholeLines(part => sizes.push(part.length))
    for (let chunk = 0; chunk < 10; chunk++) lines.push(Buffer.alloc(16 * 1024, 'x'))
    expect(sizes).toEqual([65_536, 65_536])
  })
})

describe('LastOutput', () => {
  function last(...parts: string[]): LastOutput {
    const output = new LastOutput()
    for (const part of parts) output.push(Buffer.from(part))
    return output
  }

  test('shows the last lines that say something, masked', () => {
    expect(last('one\ntwo\n\n', 'hunter2 three\n  \n').lines(2, masker)).toEqual(['two', '*** three'])
    expect(last('one\n').lines(0, masker)).toEqual([])
  })

  test('of a progress bar what it showed last, without escape sequences, and no end of the block', () => {
    expect(last('10 %\r50 %\r100 %\r\n\u001b[32mgreen\u001b[0m\n```\u0007\n').lines(5, masker)).toEqual([
      '100 %',
      'green',
      "'''\\u{7}",
    ])
  })

  test('cuts long lines, never within a character', () => {
    const [line = ''] = last(`${'😀'.repeat(200)}\n`).lines(1, masker)
    expect(line).toMatch(/^(😀)+…$/u)
    expect(line.length).toBeLessThanOrEqual(160)
  })

  test('keeps the last 64 KiB only, and shows no line of which the beginning is lost', () => {
    const output = last('lost\n', `${'x'.repeat(70_000)}\nwhole\n`)
    expect(output.lines(5, masker)).toEqual(['whole'])
    for (let index = 0; index < 10_000; index++)
      output.push(Buffer.from(`line ${index} ${'y'.repeat(100)}\n`))
    expect(output.lines(1, masker)[0]).toMatch(/^line 9999 y+$/)
  })

  test('a secret cut by the beginning of what is kept is not shown', () => {
    const output = last(`hunter2${'z'.repeat(65_536 - 4)}\nend\n`)
    expect(output.lines(5, masker)).toEqual(['end'])
  })

  test('nor where no line ends behind it; of a progress bar the rest is', () => {
    const parts = Array.from({length: 40}, () => 'hunter2'.repeat(1000))
    expect(last(...parts).lines(5, masker)).toEqual([])
    expect(last(...parts, '\r50 %\r60 %').lines(5, masker)).toEqual(['60 %'])
  })
})

describe('LogFile', () => {
  test('holds the last bytes, from the first whole line on, whatever the pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({maxLength: 30, unit: fc.constantFrom('a', 'b', '\n')})),
        fc.integer({min: 1, max: 50}),
        (parts, max) => {
          const log = new LogFile(max)
          for (const part of parts) log.append(Buffer.from(part))
          const all = parts.join('')
          const kept = all.length > max ? all.slice(-max).replace(/^.*\n?/, '') : all
          const left = all.length - kept.length
          const note = left > 0 ? `[the first ${left} bytes are left out]\n` : ''
          expect(textOf(log)).toBe(note + kept)
          log.close()
        },
      ),
      {numRuns: 100},
    )
  })

  test('has no name on disk once it is open, and nothing is opened before there is something', () => {
    const folder = temporaryFolder()
    const log = openLog(100, folder)
    expect(log.isEmpty).toBe(true)
    log.append(Buffer.from('x'))
    expect({files: readdirSync(folder), isEmpty: log.isEmpty}).toEqual({files: [], isEmpty: false})
  })

  test('ends where the disk does not take more', () => {
    const log = openLog(100, '/no/such/folder')
    log.append(Buffer.from('x'))
    expect(textOf(log)).toBe('\n[the rest could not be kept: ENOENT]\n')
  })
})

test('logUpload: masked, and readable again for a second try', async () => {
  const log = openLog(1_000_000)
  log.append(Buffer.from(`${'ä'.repeat(50_000)} hunter2 €\n`))
  const file = logUpload(log, masker, 'make.log')
  const read = async () => Buffer.concat(await file.open().toArray()).toString()
  expect(file).toMatchObject({name: 'make.log', contentType: 'text/plain; charset=utf-8'})
  expect(await read()).toBe(`${'ä'.repeat(50_000)} *** €\n`)
  expect(await read()).toBe(await read())
})
