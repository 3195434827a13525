import {spawn} from 'node:child_process'
import {mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {constants} from 'node:os'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {useChat} from '../support/chat.js'
import {closedPort, httpStub} from '../support/http-stub.js'
import {startProcess, VEZA} from '../support/veza.js'

const chat = useChat()

/** How a process ended, its code and its signal apart. */
interface End {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

function start(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const [command = '', ...args] = argv
  const child = spawn(command, args, {env: {...chat.alice.env, ...env}, stdio: ['pipe', 'pipe', 'pipe']})
  onTestFinished(() => void child.kill('SIGKILL'))
  const text = {stdout: '', stderr: ''}
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', chunk => (text[name] += chunk))
  child.stdin.on('error', () => undefined)
  const ended = new Promise<End>(resolve =>
    child.on('close', (code, signal) => resolve({code, signal, ...text})),
  )
  return {child, ended}
}

const run = (...command: string[]): readonly string[] => [
  ...VEZA,
  'run',
  '--room',
  '1',
  '--lines',
  '0',
  '--',
  ...command,
]

describe('run: ends as the command does', () => {
  test.each([
    ['0', ['bash', '-c', 'exit 0']],
    ['1', ['bash', '-c', 'exit 1']],
    ['2', ['bash', '-c', 'exit 2']],
    ['127', ['bash', '-c', 'exit 127']],
    ['130', ['bash', '-c', 'exit 130']],
    ['143', ['bash', '-c', 'exit 143']],
    ['SIGINT', ['bash', '-c', 'kill -INT $$; sleep 9']],
    ['SIGTERM', ['bash', '-c', 'kill -TERM $$']],
    ['SIGKILL', ['bash', '-c', 'kill -KILL $$']],
    ['SIGPIPE', ['bash', '-c', 'kill -PIPE $$']],
    ['SIGUSR1', ['bash', '-c', 'kill -USR1 $$']],
    ['SIGHUP', ['bash', '-c', 'kill -HUP $$']],
  ])('%s', async (_how, command) => {
    const direct = await start(command).ended
    const through = await start(run(...command)).ended
    expect({code: through.code, signal: through.signal}).toEqual({code: direct.code, signal: direct.signal})
    const shell = (argv: readonly string[]) =>
      start(['bash', '-c', '"$@" 2>/dev/null; echo $?', '-', ...argv]).ended
    expect((await shell(run(...command))).stdout).toBe((await shell(command)).stdout)
  })

  test('not found is 127, not executable 126, as a shell has it', async () => {
    const file = join(chat.alice.folder, 'plain.txt')
    writeFileSync(file, 'x', {mode: 0o644})
    const folder = join(chat.alice.folder, 'folder')
    mkdirSync(folder, {recursive: true})
    for (const [command, code, reason] of [
      ['no-such-command', 127, 'command not found'],
      ['/no/such/command', 127, 'command not found'],
      [file, 126, 'permission denied'],
      [folder, 126, 'permission denied'],
    ] as const) {
      const shell = await start(['bash', '-c', '"$1"; exit $?', '-', command]).ended
      const through = await start(run(command)).ended
      expect(through.code).toBe(shell.code)
      expect(through).toMatchObject({code, stdout: '', stderr: `warning: ${command}: ${reason}\n`})
    }
  })

  test('a server that is not there changes nothing but for a warning', async () => {
    const env = {VEZA_SERVER: `http://127.0.0.1:${await closedPort()}`, VEZA_RETRIES: '0'}
    const end = await start(run('sh', '-c', 'echo out; exit 5'), env).ended
    expect(end).toMatchObject({code: 5, stdout: 'out\n'})
    expect(end.stderr).toMatch(/^warning: could not tell 1: [^\n]+\n$/)
  })

  test('nor does a refusal, no session, or no such room', async () => {
    for (const env of [{VEZA_TOKEN: 'a.b.c'}, {VEZA_TOKEN: ''}]) {
      const end = await start(run('false'), env).ended
      expect(end).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^warning: could not tell 1: [^\n]+\n$/),
      })
    }
    const end = await start([...VEZA, 'run', '-r', '#nowhere', '--', 'false']).ended
    expect(end).toMatchObject({code: 1, stderr: expect.stringMatching(/^warning: could not tell #nowhere: /)})
  })

  test('a server that never answers is left at once on a signal', async () => {
    await using silent = await httpStub({raw: () => undefined})
    const {child, ended} = start(run('sh', '-c', 'echo over; exit 4'), {VEZA_SERVER: silent.origin})
    while (silent.count() === 0) await new Promise(resolve => setImmediate(resolve))
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({code: 4, signal: null, stdout: 'over\n'})
  })
})

describe('run: signals', () => {
  const trap =
    'trap "echo got INT; exit 40" INT; trap "echo got TERM; exit 41" TERM; trap "echo got HUP; exit 42" HUP'

  test.each([
    ['SIGINT', 40],
    ['SIGTERM', 41],
    ['SIGHUP', 42],
  ] as const)('%s is handed on, once, and the command decides', async (signal, code) => {
    const running = start(run('bash', '-c', `${trap}; echo ready; while :; do read -t 1 <> <(:); done`))
    running.child.stdout.once('data', () => running.child.kill(signal))
    expect(await running.ended).toMatchObject({
      code,
      signal: null,
      stdout: `ready\ngot ${signal.slice(3)}\n`,
    })
  })

  test('a command that ignores SIGTERM goes on, and so do we', async () => {
    const running = start(run('bash', '-c', 'trap "" TERM; echo ready; read line; echo "$line"; exit 3'))
    running.child.stdout.once('data', () => {
      running.child.kill('SIGTERM')
      running.child.kill('SIGTERM')
      running.child.stdin.end('still here\n')
    })
    expect(await running.ended).toMatchObject({code: 3, stdout: 'ready\nstill here\n'})
  })

  test('Ctrl-C at a terminal reaches the command once', async () => {
    const script = `n=0; trap 'n=$((n+1))' INT; echo ready; read line; echo "interrupts: $n"; exit 6`
    const quoted = ['exec', ...run('bash', '-c', script).map(word => `'${word.replaceAll("'", `'\\''`)}'`)]
    const terminal = startProcess(
      'script',
      ['-qec', quoted.join(' '), '/dev/null'],
      {...chat.alice.env, TERM: 'xterm'},
      'open',
    )
    await terminal.sees('stdout', 'ready')
    terminal.child.stdin.write('\u0003')
    await terminal.sees('stdout', '^C')
    terminal.child.stdin.write('\n')
    expect(await terminal.ended).toMatchObject({code: 6, stdout: expect.stringContaining('interrupts: 1')})
  })

  test('--timeout ends the command, 124, also one that does not obey', async () => {
    const end = await start([
      ...VEZA,
      'run',
      '-r',
      '1',
      '--timeout',
      '1s',
      '--',
      'bash',
      '-c',
      'trap "" TERM; while :; do read -t 1 <> <(:); done',
    ]).ended
    expect(end).toMatchObject({
      code: 124,
      stderr: expect.stringContaining('error: --timeout ran out after 1 s\n'),
    })
  })
})

describe('run: output', () => {
  test('both streams pass byte for byte, stdin too, and a script may open its stdout by name', async () => {
    const bytes = Buffer.from(Array.from({length: 256}, (_, byte) => byte))
    const child = spawn(
      VEZA[0] ?? '',
      [...run('sh', '-c', 'cat; printf "\\200\\n" > /dev/stdout; echo err > /dev/stderr').slice(1)],
      {
        env: chat.alice.env,
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    )
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', chunk => out.push(chunk))
    child.stderr.on('data', chunk => err.push(chunk))
    child.stdin.end(bytes)
    const code = await new Promise(resolve => child.on('close', resolve))
    expect(code).toBe(0)
    expect(Buffer.concat(out)).toEqual(Buffer.concat([bytes, Buffer.from([0x80, 0x0a])]))
    expect(Buffer.concat(err).toString()).toBe('err\n')
  })

  test('each piece comes at once, without a line break', async () => {
    const running = start(run('sh', '-c', 'printf "Name? "; read name; echo "hello $name"'))
    running.child.stdout.once('data', () => running.child.stdin.end('Ada\n'))
    expect((await running.ended).stdout).toBe('Name? hello Ada\n')
  })

  test('100 MB arrive whole and in flat memory, with a log of the last part', async () => {
    const script = `yes 0123456789abcdef | head -c 100000000; grep VmHWM /proc/$PPID/status >&2; exit 9`
    const quoted = run('sh', '-c', script).map(word => `'${word}'`)
    const shell = ['bash', '-c', `${quoted.join(' ')} | sha256sum; exit "\${PIPESTATUS[0]}"`]
    const direct = start(['bash', '-c', 'yes 0123456789abcdef | head -c 100000000 | sha256sum'])
    const {code, stdout, stderr} = await start(shell, {VEZA_MAX_UPLOAD: '1000000'}).ended
    expect({code, stdout}).toEqual({code: 9, stdout: (await direct.ended).stdout})
    expect(Number(/VmHWM:\s+(\d+) kB/.exec(stderr)?.[1])).toBeLessThan(200_000)
  })

  test('the log leaves no file behind, not even when veza is killed', async () => {
    const running = start(run('sh', '-c', 'echo $$; exec sleep 60'))
    const pid = await new Promise<number>(resolve =>
      running.child.stdout.once('data', data => resolve(Number(data))),
    )
    onTestFinished(() => {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    })
    running.child.kill('SIGKILL')
    await running.ended
    expect(readdirSync(chat.alice.folder).filter(name => name.startsWith('veza-run-'))).toEqual([])
  })

  test.each(['yes', 'seq 1 10000000'])(
    'a reader that goes away: %s ends as it would without us',
    async command => {
      const pipe = (argv: string) =>
        start(['bash', '-c', `${argv} | head -1; echo "\${PIPESTATUS[0]}"`]).ended
      const quoted = run(...command.split(' ')).map(word => `'${word}'`)
      expect((await pipe(quoted.join(' '))).stdout).toBe((await pipe(command)).stdout)
    },
  )

  test('what a command leaves running in the background does not hold us', async () => {
    const {code, stdout} = await start(run('sh', '-c', 'sleep 60 & echo started')).ended
    expect({code, stdout}).toEqual({code: 0, stdout: 'started\n'})
  })
})

test('the signals of this system are those of the shell', () => {
  expect([constants.signals.SIGINT, constants.signals.SIGTERM, constants.signals.SIGKILL]).toEqual([2, 15, 9])
})
