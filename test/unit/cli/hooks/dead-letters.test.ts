import {spawn} from 'node:child_process'
import {chmod, readFile, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {json} from 'node:stream/consumers'
import {describe, expect, it} from 'vitest'
import {type DeadLetter, DeadLetters} from '../../../../src/lib/cli/hooks/dead-letters.js'
import {bundleScript} from '../../../support/child-script.js'
import {folder, message} from './kit.js'

const letter = (id: number, content = 'hello'): DeadLetter => ({
  record: message({id, content}),
  error: 'exit code 3',
  attempts: 3,
  at: '2026-11-22T09:00:00.000Z',
})

const linesOf = async (path: string) => (await readFile(path, 'utf8')).split('\n').slice(0, -1)

describe('a dead-letter file', () => {
  it('is made for its owner only, before anything is in it', async () => {
    const path = join(await folder(), 'dead.ndjson')
    const letters = await DeadLetters.open(path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await letters.close()
    expect(await readFile(path, 'utf8')).toBe('')
  })

  it('has a line of JSON for each message', async () => {
    const path = join(await folder(), 'dead.ndjson')
    const letters = await DeadLetters.open(path)
    await letters.append(letter(1, 'two\nlines'))
    expect((await linesOf(path)).map(line => JSON.parse(line))).toEqual([letter(1, 'two\nlines')])
    await letters.close()
  })

  it('keeps what it had', async () => {
    const path = join(await folder(), 'dead.ndjson')
    await writeFile(path, 'before\n')
    const letters = await DeadLetters.open(path)
    await letters.append(letter(1))
    await letters.close()
    expect((await linesOf(path))[0]).toBe('before')
    expect(await linesOf(path)).toHaveLength(2)
  })

  it('has whole lines, in order, of several that come at once; closing waits for them', async () => {
    const path = join(await folder(), 'dead.ndjson')
    const letters = await DeadLetters.open(path)
    const ids = Array.from({length: 20}, (_, index) => index + 1)
    for (const id of ids) void letters.append(letter(id, 'x'.repeat(100_000)))
    await letters.close()
    expect((await linesOf(path)).map(line => JSON.parse(line).record.id)).toEqual(ids)
  })

  it('may be a device', async () => {
    const letters = await DeadLetters.open('/dev/null')
    await letters.append(letter(1))
    await letters.close()
  })
})

describe('a dead-letter file that cannot be written', () => {
  it('is told of when it is opened', async () => {
    const path = join(await folder(), 'none', 'dead.ndjson')
    await expect(DeadLetters.open(path)).rejects.toMatchObject({
      code: 'usage',
      message: `cannot write the dead-letter file ${path} (ENOENT)`,
    })
    await expect(DeadLetters.open('/')).rejects.toThrow('(EISDIR)')
  })

  it('because the disk is full is an error, and the next one, too', async () => {
    const letters = await DeadLetters.open('/dev/full')
    for (const id of [1, 2]) {
      await expect(letters.append(letter(id))).rejects.toMatchObject({
        code: 'failed',
        message: 'cannot write the dead-letter file /dev/full (ENOSPC)',
      })
    }
    await letters.close()
  })

  it('for want of room holds no part of a line', async () => {
    const home = await folder()
    await chmod(home, 0o755)
    const path = join(home, 'dead.ndjson')
    const script = await bundleScript(join(import.meta.dirname, 'fixtures', 'fill-dead-letters.ts'), home)
    const limited = ['-c', 'ulimit -f 4; exec "$0" "$@"', process.execPath, script, path]
    const child = spawn('/bin/sh', limited, {stdio: ['ignore', 'pipe', 'inherit']})
    const {lines, message: error} = (await json(child.stdout)) as {lines: number; message: string}
    expect(error).toContain('(EFBIG)')
    expect(lines).toBeGreaterThan(5)
    const text = await readFile(path, 'utf8')
    expect(text).toMatch(/\n$/)
    expect(text.split('\n')).toHaveLength(lines + 1)
  })
})
