import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import fc from 'fast-check'
import {describe, expect, it, onTestFinished} from 'vitest'
import type {Message} from '../../../../src/contract/resources.js'
import {type HookItem, HookRunner, type HookRunnerOptions} from '../../../../src/lib/cli/hooks/hook-runner.js'
import {hookVariables} from '../../../../src/lib/cli/hooks/variables.js'
import {bundleScript, startScript} from '../../../support/child-script.js'
import {folder, type Listener, listen, message, Sleeps} from './kit.js'

const TIMEOUT = 60_000
const STOP = 3000
const NOW = new Date('2026-11-22T10:00:00Z')

async function open(command: string, options: Partial<HookRunnerOptions<HookItem<Message>>> = {}) {
  const sleeps = new Sleeps(TIMEOUT, STOP)
  const controller = new AbortController()
  const done: number[] = []
  const problems: string[] = []
  const failures: string[] = []
  const listener = listen()
  const runner = await HookRunner.open<HookItem<Message>>({
    command,
    variables: record => hookVariables(record, {PATH: process.env.PATH}),
    titleOf: ({id}) => `message ${id}`,
    output: {stdout: listener.stream, stderr: listener.stream},
    effects: {now: () => NOW, random: () => 0.5, sleep: sleeps.sleep},
    signal: controller.signal,
    onProblem: problem => problems.push(problem),
    done: item => done.push(item.record.id),
    onFailure: error => failures.push(error.message),
    ...options,
  })
  onTestFinished(() => {
    sleeps.wake(STOP)
    return runner.close()
  })
  const take = (id: number, fields: Partial<Message> = {}) => runner.take({record: message({id, ...fields})})
  return {runner, take, sleeps, controller, done, problems, failures, listener}
}

/** The next lines of hooks that run side by side. */
async function lines(listener: Listener, count: number): Promise<string[]> {
  const all: string[] = []
  while (all.length < count) all.push(await listener.line())
  return all.sort()
}

describe('a hook', () => {
  it('gets the record on stdin and the fields as variables', async () => {
    const {runner, take, listener, done} = await open('cat; echo "$VEZA_MESSAGE_ID $VEZA_MESSAGE_AUTHOR"')
    await take(5, {extra: ['kept'], late: true})
    await runner.idle()
    const [record, fields] = await listener.rest()
    expect(JSON.parse(record!)).toEqual(message({id: 5, extra: ['kept'], late: true}))
    expect(fields).toBe('5 ada')
    expect(done).toEqual([5])
  })

  it('gets a whole record where a variable cannot hold it', async () => {
    const command = 'cat; echo; echo "$VEZA_MESSAGE_TRUNCATED $' + '{#VEZA_MESSAGE_CONTENT}"'
    const {take, listener} = await open(command)
    const content = `\0${'x'.repeat(1024 * 1024)}`
    await take(5, {content})
    const [record, , fields] = await listener.rest()
    expect(JSON.parse(record!).content).toBe(content)
    expect(fields).toBe('1 30000')
  })

  it('gets any content exactly', async () => {
    const out = join(await folder(), 'out')
    const {take} = await open(`printf %s "$VEZA_MESSAGE_CONTENT" > ${out}`)
    const unit = fc.constantFrom(
      '$(exit 9)',
      '`exit 9`',
      "'",
      '"',
      '\\',
      '\n',
      ' ',
      ';',
      '漢',
      '👍',
      '%s',
      '*',
    )
    await fc.assert(
      fc.asyncProperty(fc.string({unit, maxLength: 20}), async content => {
        await take(1, {content})
        expect(await readFile(out, 'utf8')).toBe(content)
      }),
      {numRuns: 30},
    )
  })
})

describe('one at a time', () => {
  it('keeps the order, each ending before the next begins', async () => {
    const command =
      'echo "in $VEZA_MESSAGE_ID"; sleep 0.0$((3 - VEZA_MESSAGE_ID)); echo "out $VEZA_MESSAGE_ID"'
    const {runner, take, done, listener} = await open(command)
    for (const id of [1, 2, 3]) await take(id)
    await runner.idle()
    expect(done).toEqual([1, 2, 3])
    expect(await listener.rest()).toEqual(['in 1', 'out 1', 'in 2', 'out 2', 'in 3', 'out 3'])
  })

  it('keeps it over tries, too', async () => {
    const home = await folder()
    const {take, done, listener} = await open(
      `echo $VEZA_MESSAGE_ID; test -e ${home}/$VEZA_MESSAGE_ID || { touch ${home}/$VEZA_MESSAGE_ID; exit 1; }`,
    )
    for (const id of [1, 2]) await take(id)
    expect(await listener.rest()).toEqual(['1', '1', '2', '2'])
    expect(done).toEqual([1, 2])
  })
})

describe('several at a time', () => {
  it('run beside each other, as many as may, and are done as they end', async () => {
    const home = await folder()
    const {runner, take, done, listener} = await open(
      `mkfifo ${home}/$VEZA_MESSAGE_ID; echo $VEZA_MESSAGE_ID; cat ${home}/$VEZA_MESSAGE_ID`,
      {maxParallel: 3},
    )
    const release = (id: number) => once(spawn('/bin/sh', ['-c', `: > ${home}/${id}`]), 'exit')
    expect(take(1)).toBeUndefined()
    expect(take(2)).toBeUndefined()
    const full = take(3)
    expect(await lines(listener, 3)).toEqual(['1', '2', '3'])
    await release(2)
    await full
    expect(done).toEqual([2])
    const again = take(4)
    expect(await lines(listener, 1)).toEqual(['4'])
    await release(4)
    await again
    await Promise.all([release(3), release(1)])
    await runner.idle()
    expect(done.slice(0, 2)).toEqual([2, 4])
    expect(done.slice(2).sort()).toEqual([1, 3])
  })

  it('may be many without a warning of too many listeners', async () => {
    const warnings: string[] = []
    const listener = (warning: Error) => warnings.push(warning.name)
    process.on('warning', listener)
    onTestFinished(() => void process.off('warning', listener))
    const {runner, take, done} = await open('true', {maxParallel: 30})
    for (let id = 1; id <= 30; id++) await take(id)
    await runner.idle()
    expect(done).toHaveLength(30)
    expect(warnings).toEqual([])
  })
})

describe('a hook that keeps failing', () => {
  it('ends the run without a dead-letter file', async () => {
    const {runner, take, done, problems, failures, sleeps} = await open('exit 3')
    const problem = 'hook failed for message 123: exit code 3 (tried 3 times)'
    const error = {
      code: 'failed',
      exitCode: 1,
      message: problem,
      hint: expect.stringContaining('--dead-letter'),
    }
    await expect(take(123)).rejects.toMatchObject(error)
    await expect(runner.idle()).rejects.toMatchObject(error)
    await expect(take(124)).rejects.toMatchObject(error)
    expect({done, failures}).toEqual({done: [], failures: [problem]})
    expect(problems).toEqual([
      'hook failed for message 123: exit code 3; try 2 of 3 in 0.5 s',
      'hook failed for message 123: exit code 3; try 3 of 3 in 1.0 s',
    ])
    expect(sleeps.asked.filter(ms => ms !== TIMEOUT)).toEqual([500, 1000])
  })

  it('is in the dead-letter file before it is done', async () => {
    const deadLetter = join(await folder(), 'dead.ndjson')
    const seen: string[] = []
    const {runner, take, problems} = await open('exit 3', {
      deadLetter,
      retries: 1,
      done: () => seen.push(readFileSync(deadLetter, 'utf8')),
    })
    await take(123)
    await runner.idle()
    await runner.close()
    const letter = {record: message(), error: 'exit code 3', attempts: 2, at: '2026-11-22T10:00:00.000Z'}
    expect(seen).toEqual([`${JSON.stringify(letter)}\n`])
    expect(problems.at(-1)).toBe(
      `hook failed for message 123: exit code 3 (tried 2 times); kept in ${deadLetter}`,
    )
  })

  it('that can never run is not tried again', async () => {
    const {take, problems} = await open('no-such-command-anywhere')
    await expect(take(1)).rejects.toThrow(
      'hook failed for message 1: exit code 127, command not found (tried 1 time)',
    )
    expect(problems).toEqual([])
  })

  it('lets those beside it end, and then nothing begins', async () => {
    const home = await folder()
    const {runner, take, done, failures, listener} = await open(
      `test $VEZA_MESSAGE_ID = 2 && exit 1; mkfifo ${home}/go; echo ready; cat ${home}/go`,
      {maxParallel: 3, retries: 0},
    )
    take(1)
    await listener.line()
    take(2)
    const idle = expect(runner.idle()).rejects.toThrow('message 2')
    await once(spawn('/bin/sh', ['-c', `: > ${home}/go`]), 'exit')
    await idle
    expect({done, failures: failures.length}).toEqual({done: [1], failures: 1})
    await expect(take(3)).rejects.toThrow('message 2')
  })

  it('ends the run where the dead-letter file cannot take it', async () => {
    const {take, done} = await open('exit 3', {deadLetter: '/dev/full', retries: 0})
    await expect(take(1)).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('(ENOSPC)'),
    })
    expect(done).toEqual([])
  })

  it('is no surprise: a file that cannot be opened is told of at once', async () => {
    await expect(open('true', {deadLetter: '/none/dead'})).rejects.toMatchObject({code: 'usage'})
  })
})

describe('after an abort', () => {
  it('what runs may end and is done, and nothing new begins', async () => {
    const home = await folder()
    const {runner, take, done, controller, listener} = await open(
      `mkfifo ${home}/go; echo ready; cat ${home}/go`,
    )
    const reason = new Error('Ctrl-C')
    const full = take(1)
    await listener.line()
    controller.abort(reason)
    await expect(take(2)).rejects.toBe(reason)
    await once(spawn('/bin/sh', ['-c', `: > ${home}/go`]), 'exit')
    await full
    await runner.idle()
    expect(done).toEqual([1])
    expect(await listener.rest()).toEqual([])
  })

  it('what does not end in 3 s is ended and neither done nor given up', async () => {
    const deadLetter = join(await folder(), 'dead.ndjson')
    const {runner, take, done, problems, controller, sleeps, listener} = await open(
      'sleep 1000 & echo ready; wait',
      {deadLetter},
    )
    const full = take(1)
    await listener.line()
    controller.abort()
    sleeps.wake(STOP)
    await full
    await runner.idle()
    await runner.close()
    expect({done, problems, letters: await readFile(deadLetter, 'utf8')}).toEqual({
      done: [],
      problems: [],
      letters: '',
    })
    expect(await listener.rest()).toEqual([])
  })

  it('a failure is not tried again', async () => {
    const {runner, take, done, controller, listener} = await open(
      `trap 'exit 1' USR1; echo $$; while :; do sleep 0.01; done`,
    )
    void take(1)
    const pid = Number(await listener.line())
    controller.abort()
    process.kill(pid, 'SIGUSR1')
    await runner.idle()
    expect(done).toEqual([])
    expect(await listener.rest()).toEqual([])
  })
})

describe('closing', () => {
  it('ends what runs, as after an abort', async () => {
    const {runner, take, done, sleeps, listener} = await open('sleep 1000 & echo ready; wait')
    void take(1)
    await listener.line()
    const closed = runner.close()
    sleeps.wake(STOP)
    await closed
    expect(done).toEqual([])
    expect(await listener.rest()).toEqual([])
    await expect(take(2)).rejects.toThrow()
  })

  it('leaves no listener behind', async () => {
    const before = process.listenerCount('exit')
    const {runner} = await open('true')
    expect(process.listenerCount('exit')).toBe(before + 1)
    await runner.close()
    expect(process.listenerCount('exit')).toBe(before)
  })

  it('is not needed for hooks to end with a process that ends at once', async () => {
    const home = await folder()
    const script = await bundleScript(join(import.meta.dirname, 'fixtures', 'exit-beside-hook.ts'), home)
    const child = startScript(script, [])
    // The hook has the same stdout: the text ends only when it has ended, too.
    expect(await text(child.stdout)).toBe('hook is running\n')
  })
})

describe('what is told of each try', () => {
  it('is how it ended and how long it took', async () => {
    // Begin and end of each try, and when a letter was put aside.
    const clock = [0, 20, 100, 400, 400, 1000, 3000, 3000]
    const runs: [string, number][] = []
    let kept = 0
    const sleeps = new Sleeps(TIMEOUT, STOP)
    const now = (): Date => new Date(clock.shift() ?? 0)
    const {runner, take, listener} = await open(
      'echo on; case $VEZA_MESSAGE_ID in 1) ;; 2) exit 3;; *) exec sleep 1000;; esac',
      {
        retries: 0,
        deadLetter: join(await folder(), 'dead'),
        effects: {now, random: () => 0.5, sleep: sleeps.sleep},
        onRun: (result, durationMs) => runs.push([result, durationMs]),
        onDeadLetter: () => {
          kept += 1
        },
      },
    )
    await take(1)
    await take(2)
    const third = take(3)
    for (let line = 0; line < 3; line += 1) await listener.line()
    sleeps.wake(TIMEOUT)
    await third
    expect(runs).toEqual([
      ['ok', 20],
      ['failed', 300],
      ['timeout', 2000],
    ])
    expect(kept).toBe(2)
    await runner.idle()
  })

  it('is stopped where the end of the process ended it', async () => {
    const runs: string[] = []
    const {take, sleeps, controller, listener, runner} = await open('echo on; exec sleep 1000', {
      onRun: result => runs.push(result),
    })
    void take(1)
    await listener.line()
    controller.abort(new Error('end'))
    sleeps.wake(STOP)
    await runner.idle()
    expect(runs).toEqual(['stopped'])
  })
})
