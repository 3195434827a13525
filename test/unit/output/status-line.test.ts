import {PassThrough} from 'node:stream'
import {expect, test} from 'vitest'
import {createStatusLine} from '../../../src/lib/output/status-line.js'

function line(isTTY: boolean, quiet = false) {
  const written: string[] = []
  const clock = {ms: 0}
  const stream = Object.assign(new PassThrough(), {isTTY, columns: 20})
  const status = createStatusLine({
    stream,
    quiet,
    now: () => clock.ms,
    write: text => void written.push(text),
  })
  return {status, written, clock}
}

test('each text takes the place of the one before, ten times a second at most, and the last one goes', () => {
  const {status, written, clock} = line(true)
  status.show('one')
  status.show('two')
  clock.ms = 100
  status.show('three\u001b[31m which is far too long for it')
  status.stop()
  status.stop()
  expect(written).toEqual(['\r\u001b[Kone', '\r\u001b[Kthree which is far ', '\r\u001b[K'])
})

test('nothing without a terminal, or with --quiet', () => {
  for (const {status, written} of [line(false), line(true, true)]) {
    status.show('one')
    status.stop()
    expect(written).toEqual([])
  }
})
