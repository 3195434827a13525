import {PassThrough, Readable, Writable} from 'node:stream'
import {describe, expect, test} from 'vitest'
import {passThrough} from '../../../src/lib/output/pass-through.js'

/** A target that takes a piece when it is told to. */
function slowTarget() {
  const written: Buffer[] = []
  const waiting: (() => void)[] = []
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      written.push(chunk)
      waiting.push(done)
    },
  })
  return {stream, written, take: () => waiting.shift()?.()}
}

const turn = () => new Promise(resolve => setImmediate(resolve))

describe('passThrough', () => {
  test('writes every byte as it is, and shows each piece before', async () => {
    const target = new PassThrough()
    const seen: Buffer[] = []
    const pieces = [Buffer.from([0xff, 0, 0x0a]), Buffer.from('ä'), Buffer.from([0xc3])]
    await passThrough({source: Readable.from(pieces), target, onChunk: chunk => seen.push(chunk)})
    target.end()
    expect(Buffer.concat(await target.toArray())).toEqual(Buffer.concat(pieces))
    expect(seen).toEqual(pieces)
  })

  test('waits for a slow reader, and until it has taken all', async () => {
    const {stream, written, take} = slowTarget()
    const source = new PassThrough()
    let isOver = false
    const passed = passThrough({source, target: stream, onChunk: () => undefined}).then(() => {
      isOver = true
    })
    source.write('one')
    await turn()
    await turn()
    source.end('two')
    await turn()
    expect(written.map(String)).toEqual(['one'])
    expect(source.isPaused()).toBe(true)
    take()
    await turn()
    expect({pieces: written.map(String), isOver}).toEqual({pieces: ['one', 'two'], isOver: false})
    for (let turns = 0; turns < 5; turns++) {
      take()
      await turn()
    }
    await passed
  })

  test('a reader that has gone closes the source', async () => {
    const target = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), {code: 'EPIPE'}))
      },
    })
    target.on('error', () => undefined)
    const source = new PassThrough()
    const passed = passThrough({source, target, onChunk: () => undefined})
    source.write('x')
    await passed
    expect(source.destroyed).toBe(true)
  })
})
