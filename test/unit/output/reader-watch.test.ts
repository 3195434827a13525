import {execFileSync} from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {setImmediate as nextTurn} from 'node:timers/promises'
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {watchReader} from '../../../src/lib/output/reader-watch.js'

let folder: string
let opened: number[]

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'veza-reader-'))
  opened = []
})

afterEach(() => {
  for (const fd of opened) fs.closeSync(fd)
  fs.rmSync(folder, {recursive: true})
})

function open(file: string, flags: number): number {
  const fd = fs.openSync(file, flags)
  opened.push(fd)
  return fd
}

/** A pipe whose both ends are here. */
function pipe(): {readonly writer: number; closeReader(): void} {
  const file = path.join(folder, 'pipe')
  execFileSync('mkfifo', [file])
  const reader = open(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  const closeReader = () => {
    fs.closeSync(reader)
    opened = opened.filter(fd => fd !== reader)
  }
  return {writer: open(file, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK), closeReader}
}

const openDescriptors = () => fs.readdirSync('/proc/self/fd').length

describe('watchReader', () => {
  it('tells when the last reader of a pipe leaves, not before, and writes nothing', async () => {
    const {writer, closeReader} = pipe()
    const onGone = vi.fn()
    const gone = new Promise<void>(resolve => {
      watchReader(writer, () => {
        onGone()
        resolve()
      })
    })
    fs.writeSync(writer, 'text nobody has read yet')
    await nextTurn()
    expect(onGone).not.toHaveBeenCalled()
    closeReader()
    await gone
    await nextTurn()
    expect(onGone).toHaveBeenCalledOnce()
  })

  it('tells no more once stopped, and gives its descriptor back', async () => {
    const {writer, closeReader} = pipe()
    const before = openDescriptors()
    const onGone = vi.fn()
    const stop = watchReader(writer, onGone)
    expect(openDescriptors()).toBeGreaterThan(before)
    stop()
    closeReader()
    await nextTurn()
    await nextTurn()
    expect(onGone).not.toHaveBeenCalled()
    expect(openDescriptors()).toBe(before - 1)
  })

  it('leaves files alone', () => {
    const file = open(path.join(folder, 'file'), fs.constants.O_WRONLY | fs.constants.O_CREAT)
    const before = openDescriptors()
    const stop = watchReader(file, () => {})
    expect(openDescriptors()).toBe(before)
    stop()
  })
})
