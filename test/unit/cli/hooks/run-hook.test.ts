import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import type {ProcessGroup} from '../../../../src/lib/cli/hooks/process-group.js'
import {type HookRun, runHook} from '../../../../src/lib/cli/hooks/run-hook.js'
import {deafReader, folder, listen, Sleeps} from './kit.js'

const TIMEOUT = 60_000
const STOP = 3000
const LONGEST_TIMER = 2 ** 31 - 1

/** A hook under way whose time stands still until the test lets it pass. */
function begin(command: string, options: Partial<HookRun> = {}) {
  const sleeps = new Sleeps(TIMEOUT, STOP, LONGEST_TIMER)
  const running = new Set<ProcessGroup>()
  const controller = new AbortController()
  const listener = listen()
  const outcome = runHook({
    command,
    variables: {PATH: process.env.PATH ?? ''},
    input: 'input\n',
    output: {stdout: listener.stream, stderr: listener.stream},
    timeoutMs: TIMEOUT,
    signal: controller.signal,
    sleep: sleeps.sleep,
    running,
    ...options,
  })
  return {outcome, sleeps, running, controller, listener}
}

const failed = (reason: string, isFinal = false) => ({type: 'failed', reason, isFinal})
const LATE = {...failed('timeout after 60 s'), isLate: true}

describe('a hook', () => {
  it('gets the input, the variables and nothing else, and its output passes through', async () => {
    const {outcome, listener} = begin('cat; echo "$A" >&2; env | grep -c .', {variables: {A: 'x y'}})
    expect(await outcome).toEqual({type: 'done'})
    const [input, a, count] = await listener.rest()
    expect([input, a]).toEqual(['input', 'x y'])
    // The shell sets PWD and the like; VEZA_ and what else this process has are not among them.
    expect(Number(count)).toBeLessThanOrEqual(5)
  })

  it.each([
    ['exit 3', failed('exit code 3')],
    ['exit 126', failed('exit code 126, command cannot be executed', true)],
    ['/dev/null', failed('exit code 126, command cannot be executed', true)],
    ['no-such-command-anywhere', failed('exit code 127, command not found', true)],
    ['kill -9 $$', failed('ended by SIGKILL')],
    ['true', {type: 'done'}],
  ])('%s ends as %j', async (command, expected) => {
    const {outcome, running, listener} = begin(command)
    expect(await outcome).toEqual(expected)
    expect(running.size).toBe(0)
    await listener.rest()
  })

  it('that cannot be started has failed', async () => {
    const variables = Object.fromEntries(Array.from({length: 200}, (_, n) => [`V${n}`, 'x'.repeat(100_000)]))
    expect(await begin('true', {variables}).outcome).toEqual(failed('cannot be started (E2BIG)'))
  })

  it('need not read its input, however long that is', async () => {
    const {outcome} = begin('exec <&-; true', {input: 'x'.repeat(1024 * 1024)})
    expect(await outcome).toEqual({type: 'done'})
    expect(await begin('true', {input: 'x'.repeat(1024 * 1024)}).outcome).toEqual({type: 'done'})
  })

  it('reads all of it where it wants to', async () => {
    const {outcome, listener} = begin('wc -c', {input: 'x'.repeat(1024 * 1024)})
    expect(await outcome).toEqual({type: 'done'})
    expect((await listener.rest()).map(Number)).toEqual([1024 * 1024])
  })

  it('may leave a process behind, which is not waited for', async () => {
    const {outcome, listener} = begin('sleep 1000 >/dev/null 2>&1 & echo $!')
    expect(await outcome).toEqual({type: 'done'})
    const [pid] = await listener.rest()
    // It is still there to be ended.
    expect(process.kill(Number(pid), 'SIGKILL')).toBe(true)
  })

  it('has a process group of its own, so that Ctrl-C at the terminal does not reach it', async () => {
    const {outcome, listener} = begin('echo $$; ps -o pgid= -p $$')
    await outcome
    const [pid, group] = (await listener.rest()).map(Number)
    expect(group).toBe(pid)
  })
})

describe('a hook whose time is over', () => {
  it('has failed, and nothing of it is left', async () => {
    const {outcome, sleeps, listener} = begin('sleep 1000 & sh -c "sleep 1000 & wait" & echo ready; wait')
    await listener.line()
    sleeps.wake(TIMEOUT)
    expect(await outcome).toEqual(LATE)
    // Ends only if all five processes have.
    expect(await listener.rest()).toEqual([])
  })

  it('is killed 5 s later where it does not obey, and its children', async () => {
    const deaf = `trap '' TERM; sleep 1000 & echo ready; while :; do sleep 1000; done`
    const {outcome, sleeps, listener} = begin(deaf)
    await listener.line()
    sleeps.wake(TIMEOUT)
    expect(await outcome).toEqual(LATE)
    expect(await listener.rest()).toEqual([])
    const sum = sleeps.asked.filter(ms => ms === 50).length * 50
    expect(sum).toBe(5000)
  })

  // The shell says on stderr that its `sleep` was terminated, too.
  it('has the time to obey, also where only a child needs it', async () => {
    const script = `sh -c 'trap "read line; echo bye; exit" TERM; echo ready; while :; do sleep 0.01; done' 2>/dev/null <&3 &`
    const sleeps = new Sleeps(TIMEOUT, STOP, 50)
    const {outcome, listener} = begin(`exec 3<&0; ${script} wait`, {sleep: sleeps.sleep})
    expect(await listener.line()).toBe('ready')
    sleeps.wake(TIMEOUT)
    // No look at the group has passed yet, so nothing can have been killed.
    expect(await listener.line()).toBe('bye')
    sleeps.wake(50)
    expect(await outcome).toEqual(LATE)
    expect(await listener.rest()).toEqual([])
  })

  it('has failed even if it then says it is done', async () => {
    const {outcome, sleeps, listener} = begin(`trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done`)
    await listener.line()
    sleeps.wake(TIMEOUT)
    expect(await outcome).toEqual(LATE)
  })

  it('has no more time than a timer can count', async () => {
    const {outcome, sleeps} = begin('true', {timeoutMs: 2 ** 40})
    await outcome
    expect(sleeps.asked).toEqual([LONGEST_TIMER])
  })
})

describe('a hook that runs at an abort', () => {
  it('may end by itself, which counts', async () => {
    const home = await folder()
    const {outcome, controller, listener} = begin(`mkfifo ${home}/go; echo ready; cat ${home}/go; exit 3`)
    await listener.line()
    controller.abort()
    await begin(`echo go > ${home}/go`).outcome
    expect(await outcome).toEqual(failed('exit code 3'))
  })

  it('is stopped after 3 s and killed after another', async () => {
    const {outcome, controller, sleeps, listener} = begin(`trap '' TERM; sleep 1000 & echo ready; wait; wait`)
    await listener.line()
    controller.abort()
    sleeps.wake(STOP)
    expect(await outcome).toEqual({type: 'stopped'})
    expect(await listener.rest()).toEqual([])
    expect(sleeps.asked).toEqual([TIMEOUT, STOP, ...Array.from({length: 20}, () => 50)])
  })

  it('does not begin to count its time before', async () => {
    const {outcome, sleeps} = begin('true')
    await outcome
    expect(sleeps.asked).toEqual([TIMEOUT])
  })
})

describe('a hook that writes without end', () => {
  it('waits for its reader, holds nobody up and grows no memory', async () => {
    const deaf = deafReader()
    const flood = begin('echo begun >&2; cat /dev/zero', {output: {stdout: deaf, stderr: 'ignore'}})
    const before = process.memoryUsage().external
    for (let n = 0; n < 10; n++) expect(await begin('true').outcome).toEqual({type: 'done'})
    expect(process.memoryUsage().external - before).toBeLessThan(4 * 1024 * 1024)
    flood.sleeps.wake(TIMEOUT)
    expect(await flood.outcome).toEqual(LATE)
  })
})

describe('what others wrote', () => {
  it.each([
    ['newlines and tabs', 'a\nb\tc\r\n'],
    ['quotes', `'"\`\\' " $HOME`],
    ['commands', '$(touch pwned) `touch pwned` ; touch pwned | touch pwned && touch pwned\ntouch pwned'],
    ['the end of a function', '() { :; }; touch pwned'],
    ['options', '-n -e --help'],
  ])('reaches it exactly and is never run: %s', async (_what, content) => {
    const home = await folder()
    const variables = {VEZA_MESSAGE_CONTENT: content, PATH: process.env.PATH ?? ''}
    const command = `cd ${home} && printf %s "$VEZA_MESSAGE_CONTENT" > out && ls`
    const {outcome, listener} = begin(command, {variables})
    expect(await outcome).toEqual({type: 'done'})
    expect(await readFile(join(home, 'out'), 'utf8')).toBe(content)
    expect(await listener.rest()).toEqual(['out'])
  })
})
