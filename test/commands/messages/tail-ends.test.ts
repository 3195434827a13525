import {existsSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {recordsOf, useChat} from '../../support/chat.js'
import {homeOf, openSandbox} from '../../support/sandbox.js'
import {startProcess, VEZA} from '../../support/veza.js'

describe('how messages tail ends by itself', () => {
  const chat = useChat()

  test('--idle-timeout: with 0, once nothing has come for so long', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['old'])
    const run = await chat.alice.run(['messages', 'tail', name, '-n', '1', '--idle-timeout', '500ms'])
    expect(run).toMatchObject({code: 0, stdout: expect.stringMatching(/\told\n$/)})
    expect(run.stderr).toMatch(
      /\nended: nothing came for 0\.5 s; 1 message; \d+\.\d s; go on with --since \d+\n$/,
    )
  })

  test('--idle-timeout before the --count: with 124', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['old'])
    const args = ['messages', 'tail', name, '-n', '1', '--idle-timeout', '500ms']
    const run = await chat.alice.run([...args, '--count', '2'])
    expect(run.code).toBe(124)
    expect(run.stderr).toMatch(/\nended: --idle-timeout ran out after 0\.5 s with 1 of 2; 1 message; /)
    expect((await chat.alice.run([...args, '--count', '1'])).code).toBe(0)
  })

  test('--until: what was sent until then comes out, and then it ends with 0', async () => {
    const {id, name} = await chat.room()
    const tail = chat.alice.start(['messages', 'tail', name, '--until', '3s'])
    await tail.sees('stderr', 'ready: ')
    await chat.post(id, ['in time'])
    const run = await tail.ended
    expect(run).toMatchObject({code: 0, stdout: expect.stringMatching(/^\S+\tbob\tin time\n$/)})
    expect(run.stderr).toMatch(/\nended: the time of --until has passed; 1 message; /)
  })

  test('several rooms: the last line does not pretend that one id says where to go on', async () => {
    const [one, two] = [await chat.room(), await chat.room()]
    await chat.post(one.id, ['x'])
    const run = await chat.alice.run(['messages', 'tail', one.name, two.name, '--until', '0s'])
    expect(run.stderr).toMatch(/\nended: the time of --until has passed; 0 messages; \d+\.\d s\n$/)
  })
})

describe.skipIf(process.platform === 'win32')(
  'messages tail and output that does not leave the process',
  () => {
    const chat = useChat()

    test('a reader that never reads: SIGTERM ends it within its grace, and it names no id to go on from', async () => {
      const {id, name} = await chat.room()
      const tail = chat.alice.start(['messages', 'tail', name, '--json'])
      await tail.sees('stderr', 'ready: ')
      tail.child.stdout.pause()
      // More than a pipe and its ends hold.
      await chat.post(
        id,
        Array.from({length: 300}, () => 'é'.repeat(2000)),
      )
      const begun = performance.now()
      tail.child.once('exit', () => tail.child.stdout.resume())
      tail.child.kill('SIGTERM')
      const {code, stderr} = await tail.ended
      expect(code).toBe(143)
      expect(performance.now() - begun).toBeLessThan(8000)
      expect(stderr).toMatch(/\nended: terminated; \d+ messages; \d+\.\d s\n$/)
    })

    test.skipIf(!existsSync('/dev/full'))('a full disk: it names no id to go on from', async () => {
      const {id, name} = await chat.room()
      await chat.post(id, ['never written'])
      const command = [...VEZA, 'messages', 'tail', name, '-n', '1', '--count', '1'].join(' ')
      const run = await startProcess('sh', ['-c', `exec ${command} >/dev/full`], chat.alice.env).ended
      expect(run.code).toBe(1)
      expect(run.stderr).toMatch(/\nended: cannot write the output: ENOSPC[^;\n]*; 1 message; \d+\.\d s\n$/)
    })
  },
)

describe('messages tail --max-reconnects', () => {
  test('a server that does not come back ends it with 6', async () => {
    const sandbox = await openSandbox()
    const tail = homeOf(sandbox).start(['messages', 'tail', 'general', '--max-reconnects', '0'])
    await tail.sees('stderr', 'ready: ')
    sandbox.faults.arm({kind: 'refuse', durationMs: 60_000})
    sandbox.faults.arm({kind: 'drop'})
    const run = await tail.ended
    expect(run.code).toBe(6)
    expect(run.stderr).toMatch(/\nerror: [^\n]+\n(hint: [^\n]+\n)?ended: [^\n]+; 0 messages; /)
  })

  test('it holds before the first connection, too', async () => {
    const home = homeOf({url: 'http://127.0.0.1:9'}, 'alice', {VEZA_TOKEN: 'a.b.c'})
    const run = await home.run(['messages', 'tail', '1', '--max-reconnects', '0', '--json', '--events'])
    expect(run.code).toBe(6)
    expect(recordsOf(run)).toEqual([expect.objectContaining({event: 'end', reason: 'unreachable'})])
  })
})
