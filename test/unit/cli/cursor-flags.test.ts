import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest'
import {apiKeySource, bearerSource} from '../../../src/lib/auth/session.js'
import type {TokenSet} from '../../../src/lib/auth/token-set.js'
import {type CursorFlags, cursorFlags, openCursor} from '../../../src/lib/cli/cursor-flags.js'
import {cursorOwner} from '../../../src/lib/cli/cursor-owner.js'
import {parse, shownError} from './parse.js'

type CursorContext = Parameters<typeof openCursor>[0]

const SERVER = 'http://localhost:8080'
const ANN = {id: 7, username: 'ann'}
const ROOM = {kind: 'room', id: 15} as const

let root: string
let folder: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-cursor-'))
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'case-'))
})

/** An access token with these claims. */
function tokenWith(claims: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`
}

/** Of a run: what the session holds, or the account of an API key. */
interface Run {
  readonly tokens?: TokenSet
  readonly variables?: Readonly<Record<string, string>>
  readonly account?: {readonly user_id: number; readonly username: string}
  readonly server?: string
}

function contextOf({tokens, variables = {}, account, server = SERVER}: Run): CursorContext {
  const source = tokens === undefined ? apiKeySource('veza_ak_1') : bearerSource(tokens.accessToken)
  const session = tokens === undefined ? undefined : {...source, tokens: async () => tokens}
  return {
    settings: {server, username: undefined},
    paths: {stateDir: join(folder, 'state'), configDir: folder},
    environment: {get: (name: string) => variables[name]},
    signal: new AbortController().signal,
    accounts: {find: async () => account && {entry: account, place: 'a file'}},
    session: async () => ({place: 'a test', tokens: source, session}),
  } as unknown as CursorContext
}

const ofAnn = (run: Run = {}) => contextOf({tokens: {accessToken: 'opaque', user: ANN}, ...run})

async function open(flags: CursorFlags, context = ofAnn()) {
  const opened = await openCursor(context, flags, () => undefined)
  onTestFinished(() => opened?.close())
  return opened ?? expect.fail('no cursor was opened')
}

describe('the flags of a cursor', () => {
  it('are read', async () => {
    const {flags} = await parse({flags: cursorFlags}, ['--cursor', 'a b.cursor', '--resume', 'nightly-2'])
    expect(flags).toEqual({cursor: 'a b.cursor', resume: 'nightly-2'})
  })

  it.each(['', 'a/b', '..', 'a.json', 'x'.repeat(65)])('refuse the name %j', async name => {
    expect(await shownError({flags: cursorFlags}, ['--resume', name])).toMatchObject({
      code: 'usage',
      message: '--resume wants a name of 1 to 64 letters, digits, _ and -',
    })
  })

  it('refuse a file without a name', async () => {
    expect(await shownError({flags: cursorFlags}, ['--cursor', ''])).toMatchObject({
      code: 'usage',
      message: '--cursor is empty',
    })
  })

  it('are no cursor where there are none', async () => {
    expect(await openCursor(ofAnn(), {}, () => undefined)).toBeUndefined()
  })

  it('are not both to be given', async () => {
    await expect(open({cursor: 'a', resume: 'b'})).rejects.toMatchObject({
      code: 'usage',
      message: 'give --cursor or --resume, not both',
    })
  })
})

describe('an open cursor', () => {
  it('goes on where the last one stopped', async () => {
    const flags = {cursor: join(folder, 'ci.cursor')}
    const first = await open(flags)
    first.cursor.checkpoint(ROOM, 500)
    first.cursor.taken(ROOM, 501)
    first.cursor.done(ROOM, 501)
    first.changed()
    await first.close()
    expect((await open(flags)).cursor.start(ROOM)).toEqual({afterId: 501, delivered: []})
  })

  it('is in the state folder when it is given by name', async () => {
    const opened = await open({resume: 'nightly'})
    opened.cursor.checkpoint(ROOM, 500)
    opened.changed()
    await opened.saved()
    const text = await readFile(join(folder, 'state', 'cursors', 'nightly.json'), 'utf8')
    expect(JSON.parse(text)).toMatchObject({version: 1, server: SERVER, user: {id: 7, name: 'ann'}})
  })

  it('tells how it was named, and where it is', async () => {
    const path = join(folder, 'ci.cursor')
    expect(await open({cursor: path})).toMatchObject({label: `--cursor ${path}`, path})
    const nightly = join(folder, 'state', 'cursors', 'nightly.json')
    expect(await open({resume: 'nightly'})).toMatchObject({label: '--resume nightly', path: nightly})
  })

  it('begins anew with an empty file, and is named in what is wrong with another', async () => {
    const path = join(folder, 'ci.cursor')
    await writeFile(path, '')
    await (await open({cursor: path})).close()
    await writeFile(path, 'notes')
    await expect(open({cursor: path})).rejects.toMatchObject({
      code: 'config',
      message: `the cursor ${path} is no cursor of veza, or a damaged one`,
    })
    expect(await readFile(path, 'utf8')).toBe('notes')
  })

  it('is for one tail', async () => {
    await open({resume: 'nightly'})
    await expect(open({resume: 'nightly'})).rejects.toMatchObject({
      code: 'conflict',
      message: 'another veza uses the cursor nightly',
    })
  })

  it('is refused to another account and at another server', async () => {
    const opened = await open({resume: 'nightly'})
    opened.cursor.checkpoint(ROOM, 500)
    opened.changed()
    await opened.close()
    const bob = contextOf({tokens: {accessToken: 'opaque', user: {id: 8, username: 'bob'}}})
    await expect(open({resume: 'nightly'}, bob)).rejects.toMatchObject({
      code: 'usage',
      message: 'the cursor nightly belongs to another account: ann',
    })
    const elsewhere = ofAnn({server: 'https://chat.example.org'})
    await expect(open({resume: 'nightly'}, elsewhere)).rejects.toMatchObject({
      code: 'usage',
      message: `the cursor nightly belongs to another server: ${SERVER}`,
    })
  })
})

describe('the owner of a cursor', () => {
  const key = {VEZA_API_KEY: 'veza_ak_1'}

  it.each<[string, Run, object]>([
    ['who signed in', {tokens: {accessToken: 'opaque', user: ANN}}, {userId: 7, username: 'ann'}],
    [
      'whom the token names',
      {tokens: {accessToken: tokenWith({sub: '7', username: 'ann'})}},
      {userId: 7, username: 'ann'},
    ],
    [
      'known by name only',
      {tokens: {accessToken: tokenWith({sub: 'u-7', username: 'ann'})}},
      {username: 'ann'},
    ],
    ['not known by an opaque token', {tokens: {accessToken: 'opaque'}}, {}],
    ['not known by a token without claims', {tokens: {accessToken: tokenWith(null)}}, {}],
    ['of the stored API key', {account: {user_id: 7, username: 'ann'}}, {userId: 7, username: 'ann'}],
    [
      'not the one signed in, where a variable holds an API key',
      {variables: key, account: {user_id: 7, username: 'ann'}},
      {},
    ],
  ])('is %s', async (_, run, expected) => {
    expect(await cursorOwner(contextOf(run))).toEqual({server: SERVER, ...expected})
  })
})
