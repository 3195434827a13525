import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, signIn, useChat} from '../support/chat.js'
import {openSandbox} from '../support/sandbox.js'
import {makeHome} from '../support/veza.js'

describe.each(DIALECTS)('run, %s', dialect => {
  const chat = useChat({dialect})

  /** The text of the file that a message names. */
  async function logOf(content: string): Promise<string> {
    const url = /^log: \S+ (\S+)$/m.exec(content)?.[1] ?? ''
    const response = await fetch(new URL(url, chat.url), {
      headers: {authorization: `Bearer ${chat.token('alice')}`},
    })
    return response.text()
  }

  test('one message tells how it ended, with its last lines', async () => {
    const {id} = await chat.room()
    const script = 'for n in 1 2 3 4 5 6 7; do echo "step $n"; done; echo warn >&2'
    const {code, stderr} = await chat.alice.run([
      'run',
      '--room',
      `${id}`,
      '--lines',
      '2',
      '--',
      'sh',
      '-c',
      script,
    ])
    expect({code, stderr}).toEqual({code: 0, stderr: 'warn\n'})
    const [content, ...more] = await chat.contents(id)
    expect(more).toEqual([])
    expect(content).toMatch(/^✔ done in \d+\.\ds: sh -c '.*'\n```\n(.+\n){2}```$/)
  })

  test('it is sent while the command runs, and kept current', async () => {
    const {id} = await chat.room()
    const args = [
      'run',
      '-r',
      `${id}`,
      '--every',
      '1s',
      '--title',
      'Nightly',
      '--',
      'sh',
      '-c',
      'echo begun; read line; echo "$line"',
    ]
    const running = chat.alice.start(args, {stdin: 'open'})
    let contents: string[] = []
    while (contents.length === 0) contents = await chat.contents(id)
    expect(contents[0]).toMatch(/^▶ running: Nightly … \d+\.\ds\n```\nbegun\n```$/)
    let later = contents
    while (later[0] === contents[0]) later = await chat.contents(id)
    expect(later[0]).toMatch(/^▶ running: Nightly … [1-9]\.\ds\n/)
    running.child.stdin.end('over\n')
    expect((await running.ended).code).toBe(0)
    expect(await chat.contents(id)).toEqual([
      expect.stringMatching(/^✔ done in \d.*s: Nightly\n```\nbegun\nover\n```$/),
    ])
  })

  test('a failure attaches the log, and neither log nor message shows a secret', async () => {
    const {id} = await chat.room()
    const script = join(chat.alice.folder, 'deploy.sh')
    writeFileSync(
      script,
      '#!/bin/sh\nprintf "key hunt"; printf "er22 "; echo "pin-1234 $1"; echo ghp_16C7e42F292c6912E7710c >&2; exit 2\n',
      {mode: 0o755},
    )
    const {code, stdout, stderr} = await chat.alice.run(
      ['run', '-r', `${id}`, '--mask', 'pin-\\d+', '--', script, 'hunter22', '--password', 'abc'],
      {env: {DEPLOY_KEY: 'hunter22'}},
    )
    expect({code, stdout, stderr}).toEqual({
      code: 2,
      stdout: 'key hunter22 pin-1234 hunter22\n',
      stderr: 'ghp_16C7e42F292c6912E7710c\n',
    })
    const [content = ''] = await chat.contents(id)
    expect(content).toMatch(
      /^✘ failed with exit code 2 after [\d.]+s: \S*deploy\.sh '?\*\*\*'? --password '?\*\*\*'?\nlog: deploy\.sh\.log http/,
    )
    const log = await logOf(content)
    expect(log.split('\n').sort()).toEqual(['', '***', 'key *** *** ***'])
    for (const secret of ['hunter22', 'pin-1234', 'ghp_', 'abc']) expect(content + log).not.toContain(secret)
  })

  test('a secret in --title is not shown', async () => {
    const {id} = await chat.room()
    await chat.alice.run(['run', '-r', `${id}`, '--title', 'deploy with hunter22', '--', 'true'], {
      env: {DEPLOY_KEY: 'hunter22'},
    })
    expect(await chat.contents(id)).toEqual([expect.stringMatching(/: deploy with \*\*\*$/)])
  })

  test('--attach-log never and always', async () => {
    const {id} = await chat.room()
    const attach = async (word: string, command: string) => {
      await chat.alice.run(['run', '-r', `${id}`, '--attach-log', word, '--', 'sh', '-c', command])
      return (await chat.contents(id)).at(-1) ?? ''
    }
    expect(await attach('never', 'echo x; exit 1')).not.toContain('log: ')
    expect(await logOf(await attach('always', 'echo x'))).toBe('x\n')
  })

  test('of a log that is too long for the server the last part is kept', async () => {
    const {id} = await chat.room()
    await chat.alice.run(['run', '-r', `${id}`, '--', 'sh', '-c', 'seq 1 10000; exit 1'], {
      env: {VEZA_MAX_UPLOAD: '1000'},
    })
    const [content = ''] = await chat.contents(id)
    const log = await logOf(content)
    expect(log).toMatch(/^\[the first \d+ bytes are left out\]\n/)
    expect(log.endsWith('9999\n10000\n')).toBe(true)
  })
})

describe('run: what is wrong with the command line', () => {
  const chat = useChat()

  test.each([
    ['no command', ['run', '-r', '1'], 'error: there is no command'],
    ['nothing behind --', ['run', '-r', '1', '--'], 'error: there is no command'],
    ['a command without --', ['run', '-r', '1', 'make'], 'error: an argument too many'],
    ['no room', ['run', '--', 'true'], 'error: the room is missing'],
    [
      'a pattern that is none',
      ['run', '-r', '1', '--mask', '(', '--', 'true'],
      'error: --mask is no regular expression',
    ],
    ['too often', ['run', '-r', '1', '--every', '10ms', '--', 'true'], 'error: --every wants at least 1s'],
    [
      'a flag of ours behind the name',
      ['run', '-r', '1', '--nope', '--', 'true'],
      'error: unknown flag --nope',
    ],
  ])('%s', async (_what, args, message) => {
    const run = await chat.alice.run(args)
    expect(run).toMatchObject({code: 2, stdout: '', stderr: expect.stringContaining(message)})
  })

  test('what stands behind -- is the command’s own, --help and --json too', async () => {
    const {code, stdout} = await chat.alice.run([
      'run',
      '-r',
      '1',
      '--',
      'echo',
      '--help',
      '--json',
      '--',
      '-r',
    ])
    expect({code, stdout}).toEqual({code: 0, stdout: '--help --json -- -r\n'})
  })
})

describe.each(DIALECTS)('run while the server fails, %s', dialect => {
  test.each([
    ['reset_after', {kind: 'reset_after', method: 'POST', count: 2} as const],
    ['error_after', {kind: 'error_after', method: 'POST'} as const],
    ['reset_before', {kind: 'reset_before', count: 3} as const],
    ['html', {kind: 'html', method: 'PUT', count: 2} as const],
  ])('%s: one message, and it has the last word', async (_kind, fault) => {
    const sandbox = await openSandbox({dialect})
    const home = makeHome({VEZA_SERVER: sandbox.url, VEZA_TOKEN: await signIn(sandbox.url, 'alice')})
    sandbox.faults.arm(fault)
    const env = {VEZA_RETRY_DELAY: '10ms', VEZA_RETRIES: '5'}
    const args = ['run', '-r', '1', '--', 'sh', '-c', 'sleep 0.5; exit 7']
    const {code, stderr} = await home.run(args, {env})
    expect({code, stderr}).toEqual({code: 7, stderr: ''})
    const list = await home.run(['messages', 'list', '1', '--json'])
    const ours = (JSON.parse(list.stdout) as {content: string}[]).filter(({content}) => /[▶✔✘]/.test(content))
    expect(ours.map(({content}) => content)).toEqual([expect.stringMatching(/^✘ failed with exit code 7/)])
  })
})
