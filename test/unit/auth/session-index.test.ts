import {mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {
  accountOf,
  indexPath,
  openSessionIndex,
  type SessionEntry,
  type SessionIndex,
} from '../../../src/lib/auth/session-index.js'

const here = 'https://chat.example.org'
const there = 'http://localhost:8080'
let root: string
let folder: string
let index: SessionIndex

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-index-'))
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  folder = join(await mkdtemp(join(root, 'case-')), 'state')
  index = openSessionIndex(folder)
})

const entry = (username: string, server = here, more: Partial<SessionEntry> = {}): SessionEntry => ({
  server,
  username,
  store: 'file',
  signed_in_at: '2026-03-01T12:00:00.000Z',
  ...more,
})

async function writeIndex(text: string): Promise<void> {
  await mkdir(folder)
  await writeFile(indexPath(folder), text)
}

describe('the list of sessions', () => {
  it('is empty, and no folder is made, where there is none', async () => {
    expect(await index.find(here)).toBeUndefined()
    await expect(readdir(folder)).rejects.toThrow('ENOENT')
  })

  it('keeps an entry with all its fields, in a file of mode 0600', async () => {
    const ann = entry('ann', here, {user_id: 7, role: 'admin', store: 'keychain'})
    await index.put(ann)
    expect(await openSessionIndex(folder).find(here, 'ann')).toEqual(ann)
    expect((await stat(indexPath(folder))).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(indexPath(folder), 'utf8'))).toEqual({version: 1, sessions: [ann]})
  })

  it('finds the one signed in last, for each server apart', async () => {
    await index.put(entry('ann'))
    await index.put(entry('bob'))
    await index.put(entry('ann', there))
    expect((await index.find(here))?.username).toBe('bob')
    expect((await index.find(there))?.username).toBe('ann')
    expect((await index.find(here, 'ann'))?.username).toBe('ann')
    expect(await index.find(there, 'bob')).toBeUndefined()
    expect(await index.find('http://elsewhere')).toBeUndefined()
  })

  it('makes an account current again when it signs in again, and does not list it twice', async () => {
    await index.put(entry('ann'))
    await index.put(entry('bob'))
    await index.put(entry('ann', here, {role: 'admin'}))
    expect(await index.find(here)).toMatchObject({username: 'ann', role: 'admin'})
    const {sessions} = JSON.parse(await readFile(indexPath(folder), 'utf8')) as {sessions: unknown[]}
    expect(sessions).toHaveLength(2)
  })

  it('removes one entry; the one before it is current then', async () => {
    await index.put(entry('ann'))
    await index.put(entry('bob'))
    await index.remove(entry('bob'))
    expect((await index.find(here))?.username).toBe('ann')
    await index.remove(entry('bob'))
    await index.remove(entry('ann', there))
    expect((await index.find(here))?.username).toBe('ann')
  })
})

describe('a list that is not as we wrote it', () => {
  it.each([
    '{}',
    '{"version": 1, "sessions": {}}',
    '{"version": 1, "sessions": ["ann"]}',
    '{"version": 1, "sessions": [null]}',
    '{"version": 1, "sessions": [{"server": "http://x", "store": "file"}]}',
    '{"version": 1, "sessions": [{"username": "ann", "store": "file"}]}',
    '{"version": 1, "sessions": [{"server": "http://x", "username": "ann", "store": "cloud"}]}',
    '{"version": 1, "sess',
  ])('is a config error that names the file, and is not overwritten: %s', async text => {
    await writeIndex(text)
    for (const call of [
      () => index.find(here),
      () => index.put(entry('ann')),
      () => index.remove(entry('ann')),
    ]) {
      await expect(call()).rejects.toMatchObject({
        code: 'config',
        message: expect.stringContaining(indexPath(folder)),
        hint: expect.stringContaining('sign in again'),
      })
    }
    expect(await readFile(indexPath(folder), 'utf8')).toBe(text)
  })

  it('may hold fields that we do not know', async () => {
    const sessions = [{...entry('ann'), colour: 'red'}]
    await writeIndex(JSON.stringify({version: 1, sessions, more: true}))
    expect(await index.find(here)).toMatchObject({username: 'ann', colour: 'red'})
  })
})

describe('accountOf', () => {
  it('tells two accounts apart by user and server', () => {
    expect(accountOf(entry('ann'))).toBe('ann@https://chat.example.org')
    expect(new Set([entry('ann'), entry('bob'), entry('ann', there)].map(accountOf)).size).toBe(3)
  })
})
