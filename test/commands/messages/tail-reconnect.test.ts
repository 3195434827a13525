import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {type Sandbox, type SandboxOptions, startSandbox} from '../../../src/sandbox/index.js'
import {DIALECTS, recordsOf, signIn} from '../../support/chat.js'
import {homeOf} from '../../support/sandbox.js'

const MINUTE_MS = 60_000

/** A server that can be taken down and brought back with all it knows, on the port it had. */
async function openRestartable(options: SandboxOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'veza-restart-'))
  const dataFile = join(folder, 'chat.db')
  let sandbox: Sandbox = await startSandbox({...options, dataFile})
  const {url, port} = sandbox
  onTestFinished(async () => {
    await sandbox.close()
    rmSync(folder, {recursive: true, force: true})
  })
  return {
    url,
    down: () => sandbox.close(),
    /** Brings it back; on any port but its own nobody who knew it finds it. */
    async up(other: SandboxOptions = {}): Promise<string> {
      sandbox = await startSandbox({...options, port, dataFile, ...other})
      return sandbox.url
    },
  }
}

async function post(url: string, contents: readonly string[]): Promise<void> {
  const token = await signIn(url, 'bob')
  for (const content of contents) {
    const response = await fetch(`${url}/api/v1/rooms/1/messages`, {
      method: 'POST',
      headers: {authorization: `Bearer ${token}`, 'content-type': 'application/json'},
      body: JSON.stringify({content}),
    })
    expect(response.status).toBe(201)
  }
}

test.each(DIALECTS)('what is sent while the connection is down is fetched, once, %s', async dialect => {
  const server = await openRestartable({dialect})
  const tail = homeOf(server).start(['messages', 'tail', 'general', '--count', '6', '--json'])
  await tail.sees('stderr', 'ready: ')
  await post(server.url, ['1', '2'])
  await tail.sees('stdout', '"2"')
  await server.down()
  await tail.sees('stderr', 'disconnected: ')
  // Nobody but this test knows the way to it for now.
  await post(await server.up({port: 0}), ['3', '4'])
  await server.down()
  await server.up()
  await tail.sees('stderr', 'reconnected after ')
  await post(server.url, ['5', '6'])
  const end = await tail.ended
  expect(recordsOf(end).map(record => record.content)).toEqual(['1', '2', '3', '4', '5', '6'])
  expect(end.code).toBe(0)
  expect(end.stderr).toContain('\nfetched 2 messages from history\n')
  expect(end.stderr).toMatch(/\nended: done; 6 messages; \d+\.\d s(; [^\n]+)?\n$/)
})

test.each(DIALECTS)('a token that has expired meanwhile is renewed without a word, %s', async dialect => {
  let skewMs = 0
  const server = await openRestartable({dialect, now: () => Date.now() + skewMs})
  const tail = homeOf(server).start(['messages', 'tail', 'general', '--count', '2', '--json'])
  await tail.sees('stderr', 'ready: ')
  await post(server.url, ['before'])
  await tail.sees('stdout', 'before')
  await server.down()
  skewMs = 16 * MINUTE_MS
  await server.up()
  await tail.sees('stderr', 'reconnected after ')
  await post(server.url, ['after'])
  const end = await tail.ended
  expect(recordsOf(end).map(record => record.content)).toEqual(['before', 'after'])
  expect(end.code).toBe(0)
  expect(end.stderr).not.toMatch(/error|sign/)
})

test('a token that is good for less than 30 s is renewed before it is used', async () => {
  const server = await openRestartable({tokenTtlSeconds: 20})
  const tail = homeOf(server).start(['messages', 'tail', 'general', '--count', '1', '--json'])
  await tail.sees('stderr', 'ready: ')
  await post(server.url, ['live'])
  const end = await tail.ended
  expect(recordsOf(end).map(record => record.content)).toEqual(['live'])
})
