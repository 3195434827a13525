import {once} from 'node:events'
import {chmodSync, existsSync, readFileSync, watch, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {setTimeout as realSleep} from 'node:timers/promises'
import {describe, expect, test} from 'vitest'
import {type Chat, errorOf, type Fields, recordsOf, rowsOf, useChat} from '../../support/chat.js'
import type {Running} from '../../support/veza.js'

/** How far the server's clock is behind. */
let behindMs = 0
const chat = useChat({now: () => Date.now() - behindMs})

async function answersOf(chat: Chat, roomId: number, commandId: number): Promise<unknown[]> {
  const data = await chat.call('alice', 'GET', `/rooms/${roomId}/messages?limit=100`)
  return rowsOf(data, 'messages')
    .filter((row: Fields) => row.parent_message_id === commandId)
    .map(({content}) => content)
}

async function told(bot: Running, count: number): Promise<void> {
  await bot.sees('stdout', new RegExp(`^(.*\n){${count}}`))
}

async function stop(bot: Running) {
  bot.child.kill('SIGTERM')
  return bot.ended
}

/** A bot in a room of its own, with a file of commands. */
async function startBot(commands: string) {
  const {id, name} = await chat.room()
  const file = join(chat.alice.folder, `${name}.yml`)
  writeFileSync(file, `commands:\n${commands}`)
  const args = ['bot', 'run', '-r', name, '--no-dm', '--json', '--commands', file, '--resume', name]
  const start = () => chat.alice.start(args)
  const bot = start()
  await bot.sees('stderr', 'ready: ')
  return {bot, file, id, start}
}

/** Resolves once a file is there. */
async function appears(path: string): Promise<void> {
  const watching = watch(dirname(path))
  try {
    while (!existsSync(path)) await Promise.race([once(watching, 'change'), realSleep(50)])
  } finally {
    watching.close()
  }
}

function script(name: string, text: string): void {
  const path = join(chat.alice.folder, name)
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
}

describe('a program that does not do what it should', () => {
  test('fails, is not there, hangs, floods, says nothing, prints colours', async () => {
    script('fail.sh', 'echo this is not shown; echo nor this >&2; exit 3')
    script('hang.sh', 'echo $$ >hang.pid; sleep 1000 & wait')
    script('flood.sh', 'trap "" PIPE; while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done')
    script('quiet.sh', 'cat >/dev/null')
    script('colours.sh', 'printf "\\033[31mred\\033[0m\\n\\n"')
    const {bot, id} = await startBot(`
  fail: {run: [./fail.sh]}
  absent: {run: [./absent.sh]}
  hang: {run: [./hang.sh], timeout: 200ms}
  flood: {run: [./flood.sh]}
  quiet: {run: [./quiet.sh]}
  colours: {run: [./colours.sh]}
  broken: {module: ./broken.mjs}
  nothing: {module: ./nothing.mjs}
`)
    writeFileSync(
      join(chat.alice.folder, 'broken.mjs'),
      'export default () => { throw new Error("broken inside") }',
    )
    const names = ['fail', 'absent', 'hang', 'flood', 'quiet', 'colours', 'broken', 'nothing']
    const ids = await chat.post(
      id,
      names.map(name => `!bot ${name}`),
    )
    await told(bot, 8)
    const run = await stop(bot)
    const answers = await Promise.all(ids.map(async command => (await answersOf(chat, id, command))[0]))
    expect(answers).toEqual([
      '`!bot fail` failed (exit code 3).',
      '`!bot absent` cannot be run here.',
      '`!bot hang` took longer than 0.2 s and was ended.',
      expect.stringMatching(/^x{37}\n[x\n]+… \(cut\)$/),
      undefined,
      'red',
      '`!bot broken` failed.',
      '`!bot nothing` cannot be run here.',
    ])
    expect(String(answers[3])).toHaveLength(2000)
    expect(recordsOf(run)[4]).toMatchObject({command: 'quiet', result: 'silent'})
    expect(run.stderr).toMatch(/warning: !bot fail for message \d+ failed with exit code 3\n/)
    expect(run.stderr).toMatch(/warning: !bot absent for message \d+ cannot be run: ENOENT\n/)
    expect(run.stderr).toMatch(/warning: !bot fail for message \d+ complains: nor this\n/)
    expect(run.stderr).toContain('broken inside')
    const hung = Number(readFileSync(join(chat.alice.folder, 'hang.pid'), 'utf8'))
    expect(() => process.kill(hung, 0)).toThrow('ESRCH')
  })

  test('it never sees the account of the bot', async () => {
    const {bot, id} = await startBot('  env: {run: [env]}\n')
    const [command] = await chat.post(id, ['!bot env'])
    await told(bot, 1)
    await stop(bot)
    const [answer] = await answersOf(chat, id, command!)
    expect(answer).toContain('VEZA_MESSAGE_CONTENT=!bot env')
    expect(answer).not.toContain('VEZA_TOKEN')
    expect(answer).not.toContain(chat.token('alice').slice(0, 20))
  })
})

describe('a signal', () => {
  test('lets a program end that is nearly done, and sends its answer', async () => {
    // Sent by the program itself, so that it comes before its end.
    script(
      'last.sh',
      'kill -TERM $PPID; until grep -q "^ShdPnd:.0*$" /proc/$PPID/status; do :; done; echo last words',
    )
    const {bot, id} = await startBot('  last: {run: [./last.sh]}\n')
    const [command] = await chat.post(id, ['!bot last'])
    const run = await bot.ended
    expect(run.code).toBe(143)
    expect(await answersOf(chat, id, command!)).toEqual(['last words'])
    expect(run.stderr).toMatch(
      /\nended: terminated; 1 message answered; \d+\.\d s; go on with the same --resume room-\d+\n/,
    )
  })

  test('the second one ends it at once, and the program with it', async () => {
    const handled = 'until grep -q "^ShdPnd:.0*$" /proc/$PPID/status; do :; done'
    script(
      'second.sh',
      `trap "echo >second.done; exit" TERM; kill -INT $PPID; ${handled}; kill -INT $PPID; while :; do :; done`,
    )
    const {bot, id} = await startBot('  second: {run: [./second.sh]}\n')
    const [command] = await chat.post(id, ['!bot second'])
    expect((await bot.ended).code).toBe(130)
    await appears(join(chat.alice.folder, 'second.done'))
    expect(await answersOf(chat, id, command!)).toEqual([])
  })

  test('after a kill the next run answers what was asked, and only once', async () => {
    script('twice.sh', 'test -e twice && echo second || { touch twice; kill -KILL $PPID; }')
    const {bot, id, start} = await startBot('  twice: {run: [./twice.sh]}\n')
    const [command] = await chat.post(id, ['!bot twice'])
    expect((await bot.ended).code).toBeNull()
    const next = start()
    await told(next, 1)
    await stop(next)
    expect(await answersOf(chat, id, command!)).toEqual(['second'])
  })

  test('SIGHUP reads the file again, and with a mistake in it keeps the old one', async () => {
    const {bot, file, id} = await startBot('  say: {reply: old}\n')
    writeFileSync(file, 'commands:\n  say: {reply: new}\n  say: {reply: twice}\n')
    bot.child.kill('SIGHUP')
    await bot.sees(
      'stderr',
      /warning: room-\d+\.yml:3: Map keys must be unique; the commands stay as they were\n/,
    )
    const [before] = await chat.post(id, ['!bot say'])
    await told(bot, 1)
    writeFileSync(file, 'commands:\n  say: {reply: new}\n')
    bot.child.kill('SIGHUP')
    await bot.sees('stderr', /read \S+ again: 1 command\n/)
    const [after] = await chat.post(id, ['!bot say'])
    await told(bot, 2)
    await stop(bot)
    expect(await answersOf(chat, id, before!)).toEqual(['old'])
    expect(await answersOf(chat, id, after!)).toEqual(['new'])
  })
})

describe('what is refused before anything begins', () => {
  test('a file with a mistake, its line named', async () => {
    const file = join(chat.alice.folder, 'wrong.yml')
    writeFileSync(file, 'commands:\n  x:\n    rum: [date]\n')
    const run = await chat.alice.run(['bot', 'run', '--commands', file, '--json'])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(run)).toMatchObject({
      code: 'config',
      message: 'wrong.yml:3: the command x has no key "rum"',
    })
  })

  test.each([
    [['--prefix', 'a b'], /--prefix wants/],
    [['--prefix', ''], /--prefix wants/],
    [['--dm-cap', '3'], /--dm-cap wants/],
    [['--language', 'de'], /--language wants one of: en, fr/],
    [['--commands', 'absent.yml'], /absent\.yml does not exist/],
    [['--cursor', 'a', '--resume', 'b'], /give --cursor or --resume, not both/],
  ])('%j', async (args, message) => {
    const run = await chat.alice.run(['bot', 'run', ...args])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(message)
  })

  test('a second one of the same account and prefix', async () => {
    const {name} = await chat.room()
    const bot = chat.alice.start(['bot', 'run', '-r', name])
    await bot.sees('stderr', 'ready: ')
    const second = await chat.alice.run(['bot', 'run', '-r', name])
    expect(second.code).toBe(8)
    expect(second.stderr).toContain('another veza uses the cursor bot-2-')
    await stop(bot)
  })
})

describe('two bots that answer each other', () => {
  test('in a conversation: it ends', async () => {
    const args = ['bot', 'run', '--dm-cap', '2/1h', '--json']
    const bots = [chat.alice.start([...args]), chat.bob.start([...args])] as const
    for (const bot of bots) await bot.sees('stderr', 'ready: ')
    const talk = (await chat.call('alice', 'POST', '/conversations', {user_id: 3})) as Fields
    const path = `/conversations/${talk.conversation_id ?? talk.id}/messages`
    await chat.call('alice', 'POST', path, {content: 'hello'})
    await told(bots[1], 3)
    const runs = await Promise.all(bots.map(stop))
    expect(runs.map(run => recordsOf(run).map(({result}) => result))).toEqual([
      ['answered', 'answered'],
      ['answered', 'answered', 'capped'],
    ])
    expect(rowsOf(await chat.call('alice', 'GET', path), 'messages')).toHaveLength(5)
    expect(runs[1]?.stderr).toContain('warning: alice writes too often: some of these direct messages')
  })

  test('in a room, where each calls the other: it ends', async () => {
    const {id, name} = await chat.room()
    const start = (who: 'alice' | 'bob', prefix: string, other: string) => {
      const file = join(chat[who].folder, `${name}-${who}.yml`)
      writeFileSync(file, `commands:\n  go: {reply: ${other} go}\n`)
      const wishes = ['--prefix', prefix, '--commands', file, '--dm-cap', '2/1h', '--json']
      return chat[who].start(['bot', 'run', '-r', name, '--no-dm', ...wishes])
    }
    const bots = [start('alice', 'a', 'b'), start('bob', 'b', 'a')] as const
    for (const bot of bots) await bot.sees('stderr', 'ready: ')
    await chat.post(id, ['b go'], 'alice')
    await told(bots[0], 3)
    const runs = await Promise.all(bots.map(stop))
    expect(runs.map(run => recordsOf(run).map(({result}) => result))).toEqual([
      ['answered', 'answered', 'capped'],
      ['answered', 'answered', 'answered'],
    ])
  })
})

test('what was asked long before the start is left unanswered, and told', async () => {
  const {id, name} = await chat.room()
  const args = ['bot', 'run', '-r', name, '--no-dm', '--resume', `old-${name}`, '--json']
  const first = chat.alice.start(args)
  await first.sees('stderr', 'ready: ')
  await stop(first)
  behindMs = 2 * 3_600_000
  const [command] = await chat.post(id, ['!bot ping'])
  behindMs = 0
  const second = chat.alice.start(args)
  await second.sees('stderr', 'ready: ')
  const run = await stop(second)
  expect(run.stderr).toContain('1 message older than 3600 s left unanswered (--max-age)\n')
  expect(run.stdout).toBe('')
  expect(await answersOf(chat, id, command!)).toEqual([])
})
