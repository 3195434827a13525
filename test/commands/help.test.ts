import {readdirSync} from 'node:fs'
import {join, relative, sep} from 'node:path'
import {describe, expect, test} from 'vitest'
import {ESCAPE, errorOf} from '../support/chat.js'
import {atTerminal, makeHome} from '../support/veza.js'

const FOLDER = join(import.meta.dirname, '..', '..', 'src', 'commands')

/** The words of every command, from its file: src/commands/rooms/get.ts is `rooms get`. */
const COMMANDS = readdirSync(FOLDER, {recursive: true, withFileTypes: true})
  .filter(entry => entry.isFile())
  .map(entry => relative(FOLDER, join(entry.parentPath, entry.name)).replace(/\.ts$/, '').split(sep))

const TOPICS = [...new Set(COMMANDS.filter(words => words.length > 1).map(([topic = '']) => topic))]

test.each(COMMANDS.map(words => [words.join(' '), words] as const))(
  'veza %s --help has a summary, its usage and two examples',
  async (name, words) => {
    const {code, stdout, stderr} = await makeHome().run([...words, '--help'])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    const [summary = ''] = stdout.split('\n')
    expect(summary).toMatch(/^[A-Z].{5,99}[^.]$/)
    expect(stdout).toContain(`\nUSAGE\n  $ veza ${name}`)
    const [, examples = ''] = stdout.split('\nEXAMPLES\n')
    expect(examples.split('\n\n').filter(example => example.includes(`veza ${name}`)).length).toBeGreaterThan(
      1,
    )
    expect(examples).not.toContain('<%')
    expect(stdout).toMatch(/\n +--json /)
    expect(stdout).not.toContain(ESCAPE)
  },
)

describe('veza itself', () => {
  test('alone it shows what it is, and every topic with its summary', async () => {
    const {code, stdout, stderr} = await makeHome().run([])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toMatch(/^The command line of the Veza chat server/)
    for (const topic of [...TOPICS, 'sandbox']) expect(stdout).toMatch(new RegExp(`\n  ${topic} +[A-Z]\\w+`))
  })

  test('--help and help are the same', async () => {
    const home = makeHome()
    const [alone, flag, word] = await Promise.all([home.run([]), home.run(['--help']), home.run(['help'])])
    expect(flag).toEqual(alone)
    expect(word).toEqual(alone)
  })

  test('--version names version, platform and Node', async () => {
    const {code, stdout} = await makeHome().run(['--version'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^veza-cli\/\d+\.\d+\.\d+\S* \w+-\w+ node-v\d+\.\d+\.\d+\n$/)
  })

  test('a person sees help in no more than 100 columns', async () => {
    const {code, screen} = await atTerminal(makeHome(), ['messages', 'send', '--help'])
    expect(code).toBe(0)
    const plain = screen.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]*m`, 'g'), '')
    expect(plain).toMatch(/^Send a message to a room\n/)
    expect(Math.max(...plain.split('\n').map(line => line.length))).toBeLessThanOrEqual(100)
  })

  test.each(TOPICS)('veza %s lists its commands', async topic => {
    // `veza api` is a command, too: alone it lacks its arguments.
    const isCommand = COMMANDS.some(words => words.join() === topic)
    const {code, stdout, stderr} = await makeHome().run(isCommand ? [topic, '--help'] : [topic])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    for (const words of COMMANDS.filter(words => words[0] === topic && words.length === 2)) {
      expect(stdout).toMatch(new RegExp(`\n  ${words.join(' ')} +[A-Z]\\w+`))
    }
  })

  test('help COMMAND is COMMAND --help', async () => {
    const home = makeHome()
    const [before, after] = await Promise.all([
      home.run(['help', 'rooms', 'get']),
      home.run(['rooms', 'get', '--help']),
    ])
    expect(before.stdout).toMatch(/^Show one room\n/)
    expect(before).toEqual(after)
  })
})

describe('words that are no command', () => {
  test.each([
    ['room list', 'did you mean: veza rooms list'],
    ['rooms lst', 'did you mean: veza rooms list'],
    ['message send general hello', 'did you mean: veza messages send'],
    ['sandbx', 'did you mean: veza sandbox'],
    ['login', 'did you mean: veza auth login'],
    ['upload x', 'did you mean: veza files upload'],
    ['--server http://x rooms list', 'flags go behind the command; see veza --help'],
    ['xyzzy', 'see veza --help'],
    ['rooms xyzzy', 'see veza rooms --help'],
    ['help xyzzy', 'see veza --help'],
  ])('veza %s is 2, with a hint', async (words, hint) => {
    const run = await makeHome().run(words.split(' '))
    expect(run).toEqual({code: 2, stdout: '', stderr: `error: there is no such command\nhint: ${hint}\n`})
  })

  test('with --json it is one line, and what was typed is not repeated', async () => {
    const run = await makeHome().run(['rooms', 'pa55word', '--json'])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'usage', exit_code: 2})
    expect(run.stderr).not.toContain('pa55word')
  })

  test.each(['--nope', 'rooms --nope', '-x', '--json'])(
    'veza %s, a flag without a command, is a usage error, and no stack is shown',
    async words => {
      const run = await makeHome().run(words.split(' '))
      expect(run.stderr).not.toMatch(/\n +at |node:|\.cjs/)
      expect(run).toMatchObject({code: 2, stdout: ''})
      expect(run.stderr).toMatch(/^(error: |\{"error":)[^\n]+\n(hint: [^\n]+\n)?$/)
    },
  )
})
