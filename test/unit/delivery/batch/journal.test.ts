import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {Journal} from '../../../../src/lib/delivery/batch/journal.js'
import {AckServer} from './ack-server.js'

const OWNER = {server: 'http://chat', roomId: 15, input: '--lines', newestId: async () => 100}
const record = (index: number, content = `line ${index}`) => ({index, line: index, content})
const linesOf = (count: number): string[] => Array.from({length: count}, (_, at) => `line ${at + 1}`)

let path = ''
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'veza-journal-'))
  path = join(folder, 'batch.journal')
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
})

async function withJournal<T>(use: (journal: Journal) => T | Promise<T>, owner = OWNER): Promise<T> {
  const journal = await Journal.open(path, owner)
  try {
    return await use(journal)
  } finally {
    journal.close()
  }
}

test('what was confirmed is known to the next run, under the same id', async () => {
  const id = await withJournal(journal => {
    expect([journal.isResumed, journal.lookFromId]).toEqual([false, 100])
    journal.append([
      {record: record(1), id: 101},
      {record: record(3), id: 102},
    ])
    return journal.id
  })
  await withJournal(journal => {
    expect([journal.isResumed, journal.id]).toEqual([true, id])
    expect([1, 2, 3].map(index => journal.confirmedId(record(index)))).toEqual([101, undefined, 102])
  })
})

test('a last line that a crash has torn is left out, and written over', async () => {
  await withJournal(journal => journal.append([{record: record(1), id: 101}]))
  writeFileSync(path, `${readFileSync(path, 'utf8')}2\t10`)
  await withJournal(journal => {
    expect(journal.confirmedId(record(2))).toBeUndefined()
    journal.append([{record: record(2), id: 102}])
  })
  await withJournal(journal => expect(journal.confirmedId(record(2))).toBe(102))
})

test('a torn header is begun anew: nothing was sent then', async () => {
  writeFileSync(path, '{"veza_journal":1,"id":"ve')
  await withJournal(journal => expect(journal.isResumed).toBe(false))
  expect(readFileSync(path, 'utf8')).toMatch(
    /^{"veza_journal":1,"id":"veza-[^"]+","server":"http:\/\/chat","room":15,"input":"--lines","floor":100}\n$/,
  )
})

test('earlier runs are looked for from so far back that nothing on its way then is missed', async () => {
  await withJournal(journal =>
    journal.append(Array.from({length: 1_500}, (_, at) => ({record: record(at + 1), id: 101 + at}))),
  )
  await withJournal(journal => expect(journal.lookFromId).toBe(601))
})

describe('refused', () => {
  test('a changed input, with its line', async () => {
    await withJournal(journal => journal.append([{record: record(1), id: 101}]))
    await withJournal(journal => {
      expect(() => journal.confirmedId(record(1, 'other'))).toThrow(
        /^line 1 is not what it was when the journal /,
      )
      expect(() => journal.assertWhole(0)).toThrow('knows of 1 messages, the input has 0')
    })
  })

  test.each([
    [{...OWNER, roomId: 16}, /is of a batch for room 15/],
    [{...OWNER, server: 'http://other'}, /is of a batch for the server http:\/\/chat/],
    [{...OWNER, input: '--ndjson'}, /is of a batch with --lines$/],
  ])('another room, server or kind of input: %j', async (owner, message) => {
    await withJournal(() => undefined)
    await expect(Journal.open(path, owner)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    })
  })

  test('a second run at the same time', async () => {
    await withJournal(async () => {
      await expect(Journal.open(path, OWNER)).rejects.toMatchObject({code: 'conflict'})
    })
    await withJournal(() => undefined)
  })

  test.each(['my notes\n', 'my notes', '{"veza_journal":2}\n', '[]\n'])(
    'a file that is no journal: %j',
    async text => {
      writeFileSync(path, text)
      await expect(Journal.open(path, OWNER)).rejects.toMatchObject({code: 'file_unreadable'})
      expect(readFileSync(path, 'utf8')).toBe(text)
    },
  )

  test('a damaged line, with its number', async () => {
    await withJournal(() => undefined)
    writeFileSync(path, `${readFileSync(path, 'utf8')}1\t101\t00000000\nrubbish\n`)
    await expect(Journal.open(path, OWNER)).rejects.toThrow(/^line 3 of the journal .* is damaged$/)
  })
})

describe('a batch', () => {
  test('sends only what is missing; what was sent and not noted is found', async () => {
    const server = new AckServer()
    await withJournal(journal => server.send(linesOf(5), {journal}), {...OWNER, newestId: async () => 0})
    const lines = readFileSync(path, 'utf8').split('\n')
    // As if it had been killed after the fourth was sent and before that was noted.
    writeFileSync(path, `${lines.slice(0, 4).join('\n')}\n`)
    server.messages.pop()
    const {results} = await withJournal(journal => server.send(linesOf(6), {journal}))
    expect(server.contents).toEqual(linesOf(6))
    expect(results.map(result => 'outcome' in result && result.outcome)).toEqual([
      ...Array(4).fill('duplicate'),
      ...Array(2).fill('created'),
    ])
    await withJournal(journal => expect(journal.confirmedId(record(4))).toBe(104))
  })

  describe('of which the last run has noted nothing', () => {
    async function killed(): Promise<AckServer> {
      const server = new AckServer()
      await withJournal(journal => server.send(linesOf(5), {journal}), {...OWNER, newestId: async () => 0})
      writeFileSync(path, `${readFileSync(path, 'utf8').split('\n')[0]}\n`)
      return server
    }
    const again = (server: AckServer, lines: readonly string[]) =>
      withJournal(journal => server.send(lines, {journal}))

    test.each([
      ['a line that is new', ['line 1', 'new', ...linesOf(5).slice(1)], 2],
      ['a line that is changed', ['line 1', 'line 2', 'changed', 'line 4', 'line 5', 'line 6'], 3],
    ])('%s is refused, and nothing is sent', async (_what, lines, line) => {
      const server = await killed()
      const {final} = await again(server, lines)
      expect(final?.error).toMatchObject({
        code: 'usage',
        message: expect.stringMatching(`^line ${line} is not what it was when the journal `),
      })
      expect(server.contents).toEqual(linesOf(5))
    })

    test('another parent is refused, too', async () => {
      const server = await killed()
      Object.assign(server.messages[0] ?? {}, {parent_id: 9})
      expect((await again(server, linesOf(5))).final?.error).toMatchObject({code: 'usage'})
    })

    test('what was edited in the room since is no change of the input', async () => {
      const server = await killed()
      Object.assign(server.messages[0] ?? {}, {content: 'edited', is_edited: true})
      expect((await again(server, linesOf(5))).final).toBeUndefined()
    })
  })

  test('does not take the messages of others for its own', async () => {
    const server = new AckServer()
    const id = await withJournal(journal => journal.id, {...OWNER, newestId: async () => 0})
    server.messages.push({id: 101, author_id: 8, content: 'forged', metadata: {client_id: `${id}-1`}})
    await withJournal(journal => server.send(linesOf(1), {journal}))
    expect(server.contents).toEqual(['forged', 'line 1'])
  })
})
