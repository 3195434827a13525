import {createHash, randomBytes} from 'node:crypto'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, it, onTestFinished} from 'vitest'
import type {Home} from '../support/veza.js'
import {restAs} from './kit/rest.js'
import {contentsOf, homeAt, type SandboxProcess, startSandbox} from './kit/sandbox.js'

const SENDERS = 5
/** So many are acknowledged before the kill; the senders go on until it hits them. */
const BEFORE_THE_KILL = 15

it('a sandbox that is killed with -9 under five senders has all it acknowledged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'veza-crash-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  const data = join(folder, 'chat.db')
  const first = await start(data)
  const home = homeAt(first.url)
  const upload = await uploaded(home)
  const acknowledged: string[] = []
  const senders: Promise<number | null>[] = []
  const enough = new Promise<void>(resolve => {
    const note = (text: string): void => {
      acknowledged.push(text)
      if (acknowledged.length === BEFORE_THE_KILL) resolve()
    }
    for (let sender = 0; sender < SENDERS; sender++) senders.push(sendUntilRefused(home, sender, note))
  })
  await enough
  await first.stop('SIGKILL')
  const ends = await Promise.all(senders)
  expect(ends.every(code => code === 6)).toBe(true)

  const second = await start(data)
  const found = await contentsOf(homeAt(second.url), 'general')
  expect(found.filter(text => acknowledged.includes(text)).sort()).toEqual([...acknowledged].sort())
  expect(new Set(found).size).toBe(found.length)
  const answer = await (await restAs(second.url)).get(`/files/${upload.id}/download`)
  expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(upload.digest)
})

async function start(data: string): Promise<SandboxProcess> {
  const sandbox = await startSandbox('--data', data)
  onTestFinished(() => sandbox.stop('SIGKILL').then(() => undefined))
  return sandbox
}

/** Sends one message after the other until one fails; resolves to the exit code of that one. */
async function sendUntilRefused(
  home: Home,
  sender: number,
  note: (text: string) => void,
): Promise<number | null> {
  for (let round = 0; ; round++) {
    const text = `sender ${sender}, message ${round}`
    const {code, stdout} = await home.run(['messages', 'send', '1', text, '--json', '--retries', '0'])
    if (code !== 0) return code
    expect(JSON.parse(stdout)).toMatchObject({content: text})
    note(text)
  }
}

async function uploaded(home: Home): Promise<{id: number; digest: string}> {
  const content = randomBytes(200_000)
  const path = join(home.folder, 'kept.bin')
  writeFileSync(path, content)
  const {stdout} = await home.run(['files', 'upload', path, '-r', '1', '--json'])
  return {id: (JSON.parse(stdout) as {file_id: number}).file_id, digest: sha256(content)}
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
