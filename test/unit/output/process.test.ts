import {spawn} from 'node:child_process'
import {once} from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {text} from 'node:stream/consumers'
import {build} from 'esbuild'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'veza-output-'))
const script = path.join(folder, 'emit.cjs')

beforeAll(async () => {
  await build({
    entryPoints: [path.join(__dirname, 'fixtures/emit.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  })
})

afterAll(() => fs.rmSync(folder, {recursive: true}))

/** Runs a shell line in which `$EMIT` is the script. */
async function shell(line: string) {
  const child = spawn('sh', ['-c', line], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {...process.env, EMIT: `${process.execPath} ${script}`},
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return {stdout, stderr}
}

describe('a pipe', () => {
  it('gets a flood whole and in order', async () => {
    const {stdout, stderr} = await shell('$EMIT flood 100000 | cat; echo end >&2')
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(100_000)
    expect(lines.every((line, index) => line === `record ${index}`)).toBe(true)
    expect(stderr).toBe('end\n')
  })

  it('whose reader leaves ends the command quietly with 0', async () => {
    const {stdout, stderr} = await shell('{ $EMIT flood 100000000; echo "exit $?" >&2; } | head -1')
    expect(stdout).toBe('record 0\n')
    expect(stderr).toBe('closed\nexit 0\n')
  })

  it('whose reader leaves while nothing is written ends the command too', async () => {
    const {stdout, stderr} = await shell('{ $EMIT idle; echo "exit $?" >&2; } | head -1')
    expect(stdout).toBe('record 0\n')
    expect(stderr).toBe('closed\nexit 0\n')
  })

  it('of stderr whose reader has left is no failure', async () => {
    const command = '{ $EMIT flood 100000000; echo "exit $?" >&4; }'
    const {stdout, stderr} = await shell(`{ ${command} 2>&1 >&3 | true; } 3>&1 4>&2 | head -1`)
    expect(stdout).toBe('record 0\n')
    expect(stderr).toBe('exit 0\n')
  })
})

describe('a socket', () => {
  it('whose reader leaves while nothing is written ends the command', async () => {
    const child = spawn(process.execPath, [script, 'idle'], {stdio: ['ignore', 'pipe', 'pipe']})
    const closed = once(child, 'close')
    await once(child.stdout, 'data')
    child.stdout.destroy()
    expect(await text(child.stderr)).toBe('closed\n')
    expect(await closed).toEqual([0, null])
  })
})

describe('a full disk', () => {
  it('is a failure, told once', async () => {
    const {stderr} = await shell('$EMIT flood 100000 > /dev/full; echo "exit $?" >&2')
    expect(stderr).toMatch(/^failed: failed: cannot write the output: ENOSPC.*\nexit 1\n$/)
  })
})
