import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeEach, describe, expect, it, onTestFinished} from 'vitest'
import {keepAfterFailure, keepNames, readNames} from '../../../../src/lib/cli/complete/name-cache.js'
import {nameCandidates} from '../../../../src/lib/cli/complete/name-candidates.js'
import {openScope} from '../../../../src/lib/cli/complete/name-scope.js'
import {lookUpNames} from '../../../../src/lib/cli/complete/names.js'
import {processEnvironment} from '../../../../src/lib/config/environment.js'

const NAMES = [
  {id: 1, name: 'general'},
  {id: 2, name: 'random'},
]

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veza-names-'))
})

function environment(more: Record<string, string> = {}) {
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  const variables = {
    HOME: folder,
    VEZA_STATE_DIR: join(folder, 'state'),
    VEZA_SERVER: 'http://a.example',
    VEZA_TOKEN: 'one',
  }
  return processEnvironment({...variables, ...more})
}

/** Looks names up at a time, with what the fetching process would print. */
function look(nowMs: number, {printed, more = {}}: {printed?: string; more?: Record<string, string>} = {}) {
  const started: {words: readonly string[]; patienceMs: number}[] = []
  const names = lookUpNames({
    kind: 'room',
    prefix: '',
    flags: {},
    environment: environment(more),
    start: async (words, patienceMs) => {
      started.push({words, patienceMs})
      return printed
    },
    now: () => nowMs,
  })
  return names.then(found => ({names: found, started}))
}

async function scopePath(more: Record<string, string> = {}): Promise<string> {
  return (await openScope({kind: 'room', prefix: ''}, {flags: {}, environment: environment(more)})).path
}

describe('names of the server', () => {
  it('without any kept, what comes within a second', async () => {
    const {names, started} = await look(0, {printed: JSON.stringify(NAMES)})
    expect(names).toEqual(NAMES)
    expect(started).toEqual([{words: ['room', '', '', ''], patienceMs: 1000}])
  })

  it('kept for less than a minute they are taken without a process', async () => {
    await keepNames(await scopePath(), NAMES, 1000)
    expect(await look(60_999)).toEqual({names: NAMES, started: []})
  })

  it('older ones are shown at once, and fetched anew for the next time', async () => {
    await keepNames(await scopePath(), NAMES, 1000)
    expect(await look(61_000)).toMatchObject({names: NAMES, started: [{patienceMs: 0}]})
  })

  it('those of an hour ago, or of a clock that was ahead, are none', async () => {
    const path = await scopePath()
    await keepNames(path, NAMES, 1000)
    expect(readNames(path, 3_601_000)).toBeUndefined()
    expect(readNames(path, 0)).toBeUndefined()
  })

  it('after a failure the server is left alone for 10 s', async () => {
    await keepAfterFailure(await scopePath(), 100_000)
    expect(await look(109_999)).toEqual({names: [], started: []})
    expect((await look(110_000)).started).toHaveLength(1)
  })

  it('no other account and no other server sees them', async () => {
    await keepNames(await scopePath(), NAMES, 1000)
    const others: Record<string, string>[] = [
      {VEZA_TOKEN: 'two'},
      {VEZA_SERVER: 'http://b.example'},
      {VEZA_API_KEY: 'k'},
      {VEZA_USERNAME: 'bob'},
    ]
    for (const more of others) expect((await look(2000, {more})).names).toEqual([])
  })

  it('only the user may read them, and the name of the file says nothing', async () => {
    const path = await scopePath()
    await keepNames(path, NAMES, 1000)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'state', 'completion'))).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}\.json$/),
    ])
    expect(readFileSync(path, 'utf8')).not.toContain('one')
  })

  it('a file that was tampered with, bad settings or an answer that is none give no names and no error', async () => {
    const path = await scopePath()
    await keepNames(path, NAMES, 1000)
    for (const text of [
      '',
      '{',
      '[]',
      '{"fetched_ms":1000,"names":[{"id":"1"}]}',
      '{"fetched_ms":"x","names":[]}',
    ]) {
      writeFileSync(path, text)
      expect((await look(2000)).names).toEqual([])
    }
    expect((await look(2000, {printed: 'no JSON'})).names).toEqual([])
    expect((await look(2000, {more: {VEZA_SERVER: 'no address'}})).names).toEqual([])
  })

  it('where they cannot be kept nothing is thrown', async () => {
    await expect(keepNames('/dev/null/names.json', NAMES, 1000)).resolves.toBeUndefined()
  })
})

describe('words for names', () => {
  const words = (names: readonly string[], typed = '', mark: '#' | '@' = '#') =>
    nameCandidates(
      names.map((name, index) => ({id: index + 1, name})),
      mark,
      typed,
    ).map(({value}) => value)

  it('a name is itself, whatever a shell would make of it', () => {
    const names = ['general', 'two words', '$(touch x)', 'a\\b', "it's", '👩‍💻']
    expect(words(names)).toEqual(names)
  })

  it('with the mark where it would be taken for an id, a flag or a home folder, or the mark was typed', () => {
    expect(words(['15', '-x', '#a', '~a', '=a', 'me'])).toEqual(['#15', '#-x', '##a', '#~a', '#=a', '#me'])
    expect(words(['alice', 'bob'], '@a', '@')).toEqual(['@alice'])
  })

  it('the id where the name is not to be typed, or two have it', () => {
    expect(words(['new\nline', 'esc\u001b[31m', '\u202eevil', ' padded', '', 'tab\tbed'])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
    ])
    expect(words(['twin', 'twin', 'one'])).toEqual(['1', '2', 'one'])
  })

  it('only those that begin so', () => {
    expect(words(['general', 'gene', 'random'], 'gen')).toEqual(['general', 'gene'])
  })
})
