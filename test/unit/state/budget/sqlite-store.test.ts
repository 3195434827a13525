import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import Database from 'libsql'
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {EMPTY_BUCKET} from '../../../../src/lib/state/budget/bucket.js'
import {type BucketStore, LocalLine, memoryStore} from '../../../../src/lib/state/budget/local-line.js'
import {openSqliteStore} from '../../../../src/lib/state/budget/sqlite-store.js'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veza-budget-'))
  path = join(folder, 'state', 'rate-budget.db')
  onTestFinished(() => rm(folder, {recursive: true, force: true}))
})

async function open(account = 'alice', busyLimitMs?: number): Promise<BucketStore> {
  const store = await openSqliteStore(path, account, busyLimitMs)
  onTestFinished(() => store.close())
  return store
}

const FULL = {emptyAtMs: 1.5, stoppedUntilMs: 2.25, stops: 3, serverLimit: 60, writtenMs: 1_700_000_000_000}

describe('the file', () => {
  test('keeps what was written, for each account by itself', async () => {
    const store = await open()
    expect(await store.read()).toEqual(EMPTY_BUCKET)
    expect(await store.update(() => ({state: FULL, result: 'done'}))).toBe('done')
    expect(await (await open()).read()).toEqual(FULL)
    expect(await (await open('bob')).read()).toEqual(EMPTY_BUCKET)
  })

  test('is in a folder for its owner alone', async () => {
    await open()
    const {mode} = await (await import('node:fs/promises')).stat(join(folder, 'state'))
    expect(mode & 0o777).toBe(0o700)
  })

  test('loses no change of many callers and two connections', async () => {
    const stores = [await open(), await open()]
    const count = (store: BucketStore) =>
      store.update(state => ({state: {...state, stops: state.stops + 1}, result: undefined}))
    await Promise.all(Array.from({length: 60}, (_, nth) => count(stores[nth % 2]!)))
    expect((await stores[0]!.read()).stops).toBe(60)
  })

  test('is as before when a change throws', async () => {
    const store = await open()
    await store.update(() => ({state: FULL, result: 0}))
    const failing = store.update(() => {
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await expect(store.update(state => ({state, result: state}))).resolves.toEqual(FULL)
  })

  test.each([
    ['text', Buffer.from('this is no database, whatever its name says. '.repeat(200))],
    ['half a header', Buffer.from('SQLite format 3\0')],
    ['a header and rubbish', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8000, 7)])],
  ])('is made anew where it holds %s', async (_name, content) => {
    await mkdir(join(folder, 'state'))
    await writeFile(path, content)
    const store = await open()
    await store.update(() => ({state: FULL, result: 0}))
    expect(await (await open()).read()).toEqual(FULL)
    expect((await readFile(path)).subarray(0, 15).toString()).toBe('SQLite format 3')
  })

  test('that somebody keeps busy is given up after a while', async () => {
    const store = await open('alice', 30)
    const holder = new Database(path)
    onTestFinished(() => void holder.close())
    holder.exec('BEGIN IMMEDIATE')
    const code = {code: 'SQLITE_BUSY'}
    await expect(store.update(state => ({state, result: 0}))).rejects.toMatchObject(code)
    await expect(openSqliteStore(path, 'alice', 30)).rejects.toMatchObject(code)
    holder.exec('ROLLBACK')
    expect(await store.update(state => ({state, result: 'free'}))).toBe('free')
  })

  test('that is a folder cannot be used', async () => {
    await mkdir(path, {recursive: true})
    await expect(openSqliteStore(path, 'alice')).rejects.toThrow()
  })
})

describe.each(['memory', 'file'])('a line in %s', kind => {
  async function line(clock: {nowMs: number}) {
    const store = kind === 'memory' ? memoryStore() : await open()
    return new LocalLine(store, {ownLimit: 60, now: () => clock.nowMs})
  }

  test('gives places, takes them back and obeys the server', async () => {
    const clock = {nowMs: 1_700_000_000_000}
    const sharedLine = await line(clock)
    const found: number[] = []
    for (let nth = 0; nth < 6; nth++) found.push((await sharedLine.enter(60_000)).waitMs)
    expect(found).toEqual([0, 0, 0, 0, 0, 1000])
    const place = await sharedLine.enter(60_000)
    await sharedLine.leave(place)
    expect(await sharedLine.enter(60_000)).toEqual(place)
    expect(await sharedLine.enter(10)).toMatchObject({taken: false, waitMs: 3000})
    await sharedLine.note({limit: 30, waitMs: 5000})
    expect(await sharedLine.stops()).toBe(1)
    expect(await sharedLine.enter(60_000)).toEqual({
      waitMs: 5000,
      taken: true,
      stops: 1,
      limit: 30,
      serverLimit: 30,
    })
    clock.nowMs += 60_000
    expect((await sharedLine.enter(0)).taken).toBe(true)
    await sharedLine.close()
  })
})
