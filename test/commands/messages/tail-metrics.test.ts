import {spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync, writeFileSync} from 'node:fs'
import {connect} from 'node:net'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished, vi} from 'vitest'
import {DIALECTS, type Fields, useChat} from '../../support/chat.js'
import type {Running} from '../../support/veza.js'
import {familiesOf, figure} from '../../unit/metrics/kit.js'

/** Where a command says that its metrics are. */
async function endpointOf(running: Running): Promise<string> {
  const told = await running.sees('stderr', /^metrics: \S+\/metrics\n/m)
  return /^metrics: (\S+)\/metrics$/m.exec(told)?.[1] ?? ''
}

const scrape = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text()
const RECEIVED = 'chat_client_messages_total{direction="received",type="room_message"}'

/** What promtool has to say against an exposition; undefined where it is not there. */
function promtoolOn(input: string): string | undefined {
  const {error, stdout, stderr} = spawnSync('promtool', ['check', 'metrics'], {input, encoding: 'utf8'})
  return error === undefined ? `${stdout}${stderr}` : undefined
}

describe.each(DIALECTS)('a tail that is watched, %s', dialect => {
  const chat = useChat({dialect})

  it('tells what it did, and is ready from ready to the end', async () => {
    const {id, name} = await chat.room()
    const tail = chat.alice.start([
      'messages',
      'tail',
      name,
      '--metrics-listen',
      '0',
      '--exec',
      'cat; exit 0',
    ])
    const url = await endpointOf(tail)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    await tail.sees('stderr', 'ready: ')
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    await chat.post(id, ['one', 'two', 'three'])
    await tail.sees('stdout', '"three"')
    const text = await scrape(url)
    expect(figure(text, RECEIVED)).toBe(3)
    expect(figure(text, 'chat_client_connections_total')).toBe(1)
    expect(figure(text, 'chat_client_connections_active')).toBe(1)
    expect(figure(text, 'veza_ready')).toBe(1)
    expect(figure(text, 'veza_feed_lag_seconds_count')).toBeGreaterThan(0)
    expect(figure(text, 'veza_hook_runs_total{result="ok"}')).toBeGreaterThanOrEqual(2)
    expect(familiesOf(text).some(family => family.startsWith('veza_sandbox'))).toBe(false)
    expect(text).not.toContain(name)
    const told = promtoolOn(text)
    if (told !== undefined) expect(told).toBe('')
    tail.child.kill('SIGTERM')
    expect((await tail.ended).code).toBe(143)
    await expect(scrape(url)).rejects.toThrow('fetch failed')
  })

  it('leaves a last file behind', async () => {
    const {id, name} = await chat.room()
    const file = join(chat.alice.folder, `${name}.prom`)
    const env = {VEZA_METRICS_FILE: file}
    const tail = chat.alice.start(['messages', 'tail', name, '--count', '2'], {env})
    await tail.sees('stderr', 'ready: ')
    expect(figure(readFileSync(file, 'utf8'), `veza_ready{source="${name}"}`)).toBe(0)
    await chat.post(id, ['one', 'two'])
    expect((await tail.ended).code).toBe(0)
    const text = readFileSync(file, 'utf8')
    const series = RECEIVED.replace('}', `,source="${name}"}`)
    expect(figure(text, series)).toBe(2)
    expect(figure(text, `veza_ready{source="${name}"}`)).toBe(0)
    const told = promtoolOn(text)
    if (told !== undefined) expect(told).toBe('')
  })
})

describe('a tail', () => {
  const chat = useChat()

  it('is not held up at its end by a scraper that has stopped', async () => {
    const {name} = await chat.room()
    const tail = chat.alice.start(['messages', 'tail', name, '--metrics-listen', ':0'])
    const url = await endpointOf(tail)
    await tail.sees('stderr', 'ready: ')
    const scraper = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)
    onTestFinished(() => void scraper.destroy())
    await once(scraper, 'connect')
    scraper.pause()
    for (let request = 0; request < 50; request += 1)
      scraper.write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n')
    const sentMs = performance.now()
    tail.child.kill('SIGINT')
    expect((await tail.ended).code).toBe(130)
    expect(performance.now() - sentMs).toBeLessThan(5000)
  })

  it('is alive and not ready from the signal on, until its hook has ended', async () => {
    const {id, name} = await chat.room()
    const hook = `trap '' TERM; echo begun; while [ ! -e ${chat.alice.folder}/go ]; do sleep 0.01; done; echo over`
    const args = ['messages', 'tail', name, '--metrics-listen', '0', '--exec', hook]
    const tail = chat.alice.start(args)
    const url = await endpointOf(tail)
    await tail.sees('stderr', 'ready: ')
    await chat.post(id, ['one'])
    await tail.sees('stdout', 'begun')
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    tail.child.kill('SIGTERM')
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(503), {interval: 5})
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(figure(await scrape(url), 'veza_ready')).toBe(0)
    writeFileSync(join(chat.alice.folder, 'go'), '')
    expect((await tail.ended).code).toBe(143)
  })

  it('ends with 2 where the port is in use, before it has joined anything', async () => {
    const {name} = await chat.room()
    const args = ['messages', 'tail', name, '--metrics-listen']
    const first = chat.alice.start([...args, '0'])
    const {port} = new URL(await endpointOf(first))
    const {code, stderr} = await chat.alice.run([...args, port])
    expect([code, stderr]).toEqual([
      2,
      `error: cannot serve metrics at 127.0.0.1:${port}: the port is in use\n` +
        'hint: choose another address with --metrics-listen; port 0 takes any free one\n',
    ])
  })

  it.each([
    [['--metrics-listen', 'nonsense'], '--metrics-listen wants HOST:PORT'],
    [['--metrics-file', '/nowhere/x.prom'], 'cannot write the metrics file /nowhere/x.prom (ENOENT)'],
  ])('ends with 2 for %j', async (flags, message) => {
    const {code, stderr} = await chat.alice.run(['messages', 'tail', '1', ...flags])
    expect([code, stderr.split('\n')[0]]).toEqual([2, `error: ${message}`])
  })

  it('leaves the variables to commands that have the flags', async () => {
    const {id, name} = await chat.room()
    const env = {VEZA_METRICS_LISTEN: 'nonsense'}
    const wait = chat.alice.start(['messages', 'wait', name, '--match', 'yes'], {env})
    await wait.sees('stderr', 'ready: ')
    await chat.post(id, ['yes'])
    expect((await wait.ended).code).toBe(0)
  })

  it('of direct messages is watched, too', async () => {
    const tail = chat.alice.start(['dm', 'tail', 'bob', '--metrics-listen', '0', '--count', '1'])
    const url = await endpointOf(tail)
    await tail.sees('stderr', 'ready: ')
    expect(figure(await scrape(url), 'chat_client_connections_active')).toBe(1)
    const opened = (await chat.call('alice', 'POST', '/conversations', {user_id: 3})) as Fields
    const conversation = opened.conversation_id ?? opened.id
    await chat.call('bob', 'POST', `/conversations/${conversation}/messages`, {content: 'psst'})
    expect((await tail.ended).code).toBe(0)
  })
})
