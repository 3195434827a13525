import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {Outbox} from '../../../../src/lib/delivery/outbox/outbox.js'
import {openOutboxFile} from '../../../../src/lib/delivery/outbox/outbox-file.js'
import {isOwner, type NewEntry} from '../../../../src/lib/delivery/outbox/outbox-types.js'

const SERVER = 'http://chat.example'
const entry = (content: string, more: Partial<NewEntry> = {}): NewEntry => ({
  owner: {userId: 2, username: 'alice'},
  target: {kind: 'room', name: 'general'},
  message: {content, clientId: `veza-${content}`},
  createdMs: 1_000,
  ...more,
})

let folder: string
let path: string
let outbox: Outbox

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'veza-outbox-'))
  path = join(folder, 'state', 'outbox.db')
  outbox = await Outbox.open(path, SERVER)
})

afterEach(() => {
  outbox.close()
  rmSync(folder, {recursive: true, force: true})
})

const contents = (of = outbox): string[] => of.list().map(({message}) => message.content)

describe('the outbox', () => {
  it('keeps messages in their order, over a restart', async () => {
    const ids = ['c', 'a', 'b'].map(content => outbox.add(entry(content)))
    expect(ids).toEqual([1, 2, 3])
    outbox.close()
    outbox = await Outbox.open(path, SERVER)
    expect(outbox.list()[0]).toEqual({
      id: 1,
      owner: {userId: 2, username: 'alice'},
      target: {kind: 'room', name: 'general'},
      message: {content: 'c', clientId: 'veza-c'},
      createdMs: 1_000,
      tries: 0,
      refused: false,
    })
    expect(contents()).toEqual(['c', 'a', 'b'])
    expect([outbox.next(0), outbox.next(1), outbox.next(3)].map(row => row?.message.content)).toEqual([
      'c',
      'a',
      undefined,
    ])
  })

  it('keeps every text exactly', () => {
    const texts = ['a\u0000b', '\ud800 alone', '👩‍👩‍👧', 'x\r\ny\n', "'; DROP TABLE outbox; --", ' ']
    for (const text of texts) outbox.add(entry(text))
    expect(contents()).toEqual(texts)
  })

  it('knows of each server its own, and gives an id once', async () => {
    outbox.add(entry('here'))
    const other = await Outbox.open(path, 'http://other.example')
    const id = other.add(entry('there'))
    expect([contents(), contents(other), outbox.countElsewhere()]).toEqual([['here'], ['there'], 1])
    expect([outbox.remove(id), other.remove(id), other.remove(id)]).toEqual([false, true, false])
    expect(other.add(entry('again'))).toBe(id + 1)
    other.close()
  })

  it('remembers what became of each try', () => {
    const id = outbox.add(
      entry('x', {tried: {fault: {code: 'unreachable', message: 'no'}, inDoubtSinceMs: 7}}),
    )
    expect(outbox.next(0)).toMatchObject({tries: 1, inDoubtSinceMs: 7, fault: {code: 'unreachable'}})
    outbox.failed(id, {fault: {code: 'server_error', message: 'oops'}}, false)
    expect(outbox.next(0)).toMatchObject({tries: 2, fault: {message: 'oops'}, refused: false})
    expect(outbox.next(0)?.inDoubtSinceMs).toBeUndefined()
    outbox.sending(id, 9)
    expect(outbox.next(0)).toMatchObject({tries: 2, inDoubtSinceMs: 9})
    outbox.failed(id, {fault: {code: 'refused', message: 'too long'}}, true)
    expect(outbox.next(0)).toMatchObject({tries: 3, refused: true})
  })

  it('is made when something is put there, readable by its owner only', async () => {
    const elsewhere = join(folder, 'none', 'outbox.db')
    await expect(Outbox.openExisting(elsewhere, SERVER)).resolves.toBeUndefined()
    expect(existsSync(join(folder, 'none'))).toBe(false)
    expect([statSync(path).mode & 0o777, statSync(join(folder, 'state')).mode & 0o777]).toEqual([
      0o600, 0o700,
    ])
  })

  it('has a write on the disk before it says so: file, journal and folder', async () => {
    const db = await openOutboxFile(path)
    // EXTRA: also the folder is synced when the journal has gone.
    expect(db.prepare('PRAGMA synchronous').get([])).toMatchObject({synchronous: 3})
    expect(db.prepare('PRAGMA journal_mode').get([])).toMatchObject({journal_mode: 'delete'})
    db.close()
  })
})

describe('an outbox that cannot be used', () => {
  it('says which file, and leaves a damaged one as it is', async () => {
    const damaged = join(folder, 'damaged.db')
    writeFileSync(damaged, 'this is no database, whatever its name says')
    await expect(Outbox.open(damaged, SERVER)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(damaged),
    })
    expect(readFileSync(damaged, 'utf8')).toBe('this is no database, whatever its name says')
    await expect(Outbox.open(join('/dev/null', 'outbox.db'), SERVER)).rejects.toMatchObject({code: 'config'})
  })
})

describe('isOwner', () => {
  it.each([
    [{userId: 2}, {userId: 2, username: 'alice'}, true],
    [{userId: 2, username: 'alice'}, {userId: 3, username: 'alice'}, false],
    [{username: 'alice'}, {userId: 2, username: 'alice'}, true],
    [{username: 'alice'}, {username: 'bob'}, false],
    [{secretHash: 'a'}, {secretHash: 'a'}, true],
    [{secretHash: 'a'}, {userId: 2, username: 'alice'}, false],
    [{}, {}, false],
  ])('%j, as %j: %s', (owner, account, expected) => {
    expect(isOwner(owner, account)).toBe(expected)
  })
})
