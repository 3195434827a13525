import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as realSleep} from 'node:timers/promises'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {type ProgramRun, runProgram} from '../../../../src/lib/cli/bot/run-program.js'
import type {ProcessGroup} from '../../../../src/lib/cli/hooks/process-group.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veza-program-'))
})

afterEach(() => rmSync(folder, {recursive: true, force: true}))

function run(words: readonly string[], more: Partial<ProgramRun> = {}) {
  return runProgram({
    words,
    folder,
    variables: {PATH: process.env.PATH ?? '', GREETING: 'hello'},
    input: 'the record\n',
    complain: () => undefined,
    running: new Set(),
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    sleep: (ms, signal) => realSleep(ms, undefined, {signal}),
    ...more,
  })
}

function sh(script: string, more: Partial<ProgramRun> = {}) {
  return run(['sh', '-c', script], more)
}

/** Waits no time at all, but for what no test is about. */
const hurried =
  (shortMs: number): ProgramRun['sleep'] =>
  (ms, signal) =>
    realSleep(ms <= shortMs ? 1 : ms, undefined, {signal})

/** What was killed takes a moment to be gone; what nobody has asked for its end is one all the same. */
async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 500; tries++) {
    try {
      if (/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return true
    } catch {
      return true
    }
    await realSleep(10)
  }
  return false
}

describe('runProgram', () => {
  test('is listed as long as it runs', async () => {
    const running = new Set<ProcessGroup>()
    const isRunning = run(['cat'], {running})
    expect(running.size).toBe(1)
    await isRunning
    expect(running.size).toBe(0)
  })

  test('its arguments as they are, its folder, its variables and its input', async () => {
    expect(await run(['printf', '%s|', '$(id)', '', 'a b', '*'])).toEqual({
      type: 'done',
      output: '$(id)||a b|*|',
      isCut: false,
    })
    expect(await sh('cat; echo $GREETING; pwd')).toMatchObject({output: `the record\nhello\n${folder}\n`})
  })

  test('what it prints last is not lost, however much that is', async () => {
    expect(await sh('head -c 65536 /dev/zero | tr "\\0" x')).toEqual({
      type: 'done',
      output: 'x'.repeat(65_536),
      isCut: false,
    })
  })

  test('one that prints more is cut and ended, with all it has started', async () => {
    const outcome = await sh('yes & echo $! >pid; yes')
    expect(outcome).toMatchObject({type: 'done', isCut: true})
    expect('output' in outcome && outcome.output).toHaveLength(65_536)
    expect(await isGone(Number(readFileSync(join(folder, 'pid'), 'utf8')))).toBe(true)
  })

  test('what it writes to stderr is told at its end, the last 4 KiB of it, also of one that is ended', async () => {
    const complaints: string[] = []
    const more = {complain: (text: string) => void complaints.push(text)}
    await sh('echo fine', more)
    await sh('echo first >&2; echo then; echo second >&2; exit 3', more)
    expect(complaints).toEqual(['first\nsecond\n'])
    await sh('yes wrong >&2', {...more, timeoutMs: 300})
    expect(complaints[1]).toMatch(/^[wrong\n]+$/)
    expect(complaints[1]).toHaveLength(4096)
  })

  test('one that reads no input, and prints what is no UTF-8', async () => {
    expect(await run(['printf', '\\377ok'], {input: 'x'.repeat(1_000_000)})).toMatchObject({
      output: '\ufffdok',
    })
  })

  test.each([
    ['exit 3', 3],
    ['kill -KILL $$', undefined],
  ])('a failure: %s', async (script, exitCode) => {
    expect(await sh(script)).toEqual({type: 'failed', exitCode})
  })

  test.each([
    [['/nowhere/at-all'], 'ENOENT'],
    [['/etc/passwd'], 'EACCES'],
  ])('not there: %j', async (words, reason) => {
    expect(await run(words)).toEqual({type: 'missing', reason})
  })

  test('words that no process can have', async () => {
    expect(await run(['echo', 'a\0b'])).toMatchObject({type: 'missing'})
  })

  test('its time is over: all of its group ends, also what ignores SIGTERM', async () => {
    const script =
      'echo $$ >pids; trap "" TERM; (while :; do sleep 1; done) & echo $! >>pids; while :; do sleep 1; done'
    expect(await sh(script, {timeoutMs: 300, sleep: hurried(50)})).toEqual({type: 'timeout'})
    for (const pid of readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n'))
      expect(await isGone(Number(pid))).toBe(true)
  })

  test('a signal leaves it 3 s, then it is ended and nothing is known', async () => {
    const signal = AbortSignal.abort()
    expect(await sh('sleep 1000', {signal, sleep: hurried(3000)})).toEqual({type: 'stopped'})
    expect(await sh('echo quick', {signal})).toMatchObject({type: 'done', output: 'quick\n'})
  })

  test('a process that it leaves behind keeps nobody waiting', async () => {
    const outcome = await sh('sleep 1000 & echo $! >pid; echo done')
    expect(outcome).toMatchObject({type: 'done', output: 'done\n'})
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')))
  })
})
