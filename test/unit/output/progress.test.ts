import {stripVTControlCharacters} from 'node:util'
import {describe, expect, it} from 'vitest'
import {createProgress} from '../../../src/lib/output/progress.js'
import {capture, printerOf} from './capture.js'

describe('createProgress', () => {
  it('shows a bar at a terminal and clears it', async () => {
    const stream = capture({})
    const progress = await createProgress({label: 'a.txt', totalBytes: 2048, stream, quiet: false})
    expect(stripVTControlCharacters(stream.text)).toContain(`a.txt  ${'─'.repeat(24)} 0%  0 B of 2.0 KiB`)
    progress.update(1024)
    progress.stop()
    expect(stripVTControlCharacters(stream.text)).toContain('50%  1.0 KiB of 2.0 KiB')
    expect(stream.text).not.toContain('\x1b[?25l')
  })

  it('counts where the size is not known', async () => {
    const stream = capture({})
    const progress = await createProgress({label: 'stdin', stream, quiet: false})
    progress.update(1536)
    progress.stop()
    const text = stripVTControlCharacters(stream.text)
    expect(text).toContain('stdin  1.5 KiB')
    expect(text).not.toContain('%')
  })

  it('sanitises the label, whose braces are text', async () => {
    const stream = capture({})
    const label = '{value}\x1b]0;owned\x07\u202e'
    const progress = await createProgress({label, totalBytes: 1, stream, quiet: false})
    progress.stop()
    expect(stream.text).toContain('{value}\\u{202e}')
    expect(stream.text).not.toContain('owned')
  })

  it('leaves signals alone', async () => {
    const before = process.listenerCount('SIGINT')
    const progress = await createProgress({label: 'x', totalBytes: 1, stream: capture({}), quiet: false})
    expect(process.listenerCount('SIGINT')).toBe(before)
    progress.stop()
  })

  it.each([
    ['in a pipe', {}],
    ['with --quiet', {terminal: true, quiet: true}],
  ])('is silent %s', async (_where, options) => {
    const {printer, stderr} = printerOf(options)
    const progress = await printer.progress('x', 10)
    progress.update(5)
    progress.stop()
    expect(stderr.text).toBe('')
  })
})
