import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, type Fields, recordsOf, signIn} from '../../support/chat.js'
import {homeOf, openSandbox} from '../../support/sandbox.js'
import {familiesOf, figure} from '../../unit/metrics/kit.js'

const COMMANDS = `commands:
  once: {reply: done, rate: 1/1h}
  held: {run: [sh, -c, 'until [ -e go ]; do :; done; echo held']}
  quiet: {reply: "{{args}}"}
  fail: {run: [sh, -c, "echo '{\\"odd\\":' >&2; exit 3"]}
`

/** A sandbox, a bot there that is watched, and alice, who asks. */
async function watchedBot(dialect: (typeof DIALECTS)[number], more: readonly string[] = []) {
  const sandbox = await openSandbox({dialect})
  const token = await signIn(sandbox.url, 'alice')
  const home = homeOf(sandbox, 'bot', {VEZA_RETRY_DELAY: '20ms'})
  const file = join(home.folder, 'bot.yml')
  writeFileSync(file, COMMANDS)
  const args = ['bot', 'run', '--json', '--commands', file, '--metrics-listen', '0', ...more]
  const bot = home.start(args)
  const [address = ''] = /http:[^"\s]+\/metrics/.exec(await bot.sees('stderr', /http:\S+\/metrics/)) ?? []
  await bot.sees('stderr', /ready: |"event":"ready"/)
  const post = async (path: string, body: object): Promise<Fields> => {
    const headers = {authorization: `Bearer ${token}`, 'content-type': 'application/json'}
    const response = await fetch(`${sandbox.url}/api/v1${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as Fields
    return (answer.data ?? answer) as Fields
  }
  return {
    sandbox,
    bot,
    folder: home.folder,
    ask: (content: string) => post('/rooms/1/messages', {content}),
    post,
    told: (count: number) => bot.sees('stdout', new RegExp(`^(.*\n){${count}}`)),
    scrape: async () => (await fetch(address)).text(),
  }
}

describe.each(DIALECTS)('a bot that is watched, %s', dialect => {
  test('its counters are what it did and what the server has', async () => {
    const {sandbox, bot, folder, ask, post, told, scrape} = await watchedBot(dialect)
    for (const command of ['ping', 'once', 'once', 'once', 'quiet', 'what']) await ask(`!bot ${command}`)
    await told(6)
    // An answer is stored, and nobody is told: it is found, and of no earlier run.
    await ask('!bot held')
    sandbox.faults.arm({kind: 'reset_after', method: 'POST', path: '/rooms/1/messages'})
    writeFileSync(join(folder, 'go'), '')
    await told(7)
    const talk = await post('/conversations', {user_id: 4})
    await post(`/conversations/${talk.conversation_id ?? talk.id}/messages`, {content: 'hello'})
    await told(8)
    const text = await scrape()
    const answers = (result: string) => figure(text, `veza_bot_answers_total{result="${result}"}`)
    expect(['answered', 'repeated', 'silent', 'capped', 'failed'].map(answers)).toEqual([6, 0, 1, 1, 0])
    const sent = (type: string) => figure(text, `chat_client_messages_total{direction="sent",type="${type}"}`)
    expect([sent('room_message'), sent('dm_message')]).toEqual([5, 1])
    expect(sandbox.figures().messages).toBe(8 + 6)
    expect(figure(text, 'veza_bot_answer_duration_seconds_count')).toBe(8)
    expect(figure(text, 'veza_bot_pending_messages')).toBe(0)
    expect(figure(text, 'chat_client_message_duration_seconds_count{operation="send"}')).toBe(6)
    expect(figure(text, 'chat_client_connections_active')).toBe(1)
    expect(figure(text, 'veza_ready')).toBe(1)
    const guides = [
      'connections_total',
      'connections_active',
      'messages_total',
      'message_duration_seconds',
      'reconnections_total',
    ]
    for (const name of guides) expect(familiesOf(text)).toContain(`chat_client_${name}`)
    bot.child.kill('SIGTERM')
    const run = await bot.ended
    expect(recordsOf(run).filter(({result}) => result === 'answered')).toHaveLength(6)
  })
})

test('with --log-format json each line on stderr is one, also what a program complains of', async () => {
  const {bot, ask, told} = await watchedBot('reference', ['--log-format', 'json'])
  await ask('!bot fail')
  await told(1)
  bot.child.kill('SIGTERM')
  const {stderr} = await bot.ended
  const lines = stderr
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Fields)
  const complaint = lines.find(({message}) => String(message).includes('complains'))
  expect(complaint).toMatchObject({
    level: 'warn',
    message: expect.stringMatching(/^!bot fail for message \d+ complains: \{"odd":$/),
  })
})
