import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {DIALECTS, ESCAPE, useChat} from '../../support/chat.js'
import {type Recorder, startRecorder} from '../../support/recorder.js'
import {atTerminal, type Home} from '../../support/veza.js'
import {ROWS} from './rows.js'

interface Manifest {
  readonly commands: Readonly<Record<string, {readonly calls?: readonly string[]; readonly hidden?: boolean}>>
}

const root = join(import.meta.dirname, '..', '..', '..')
const {commands} = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as Manifest

describe('the table', () => {
  it('has a row for each call that a command lists', () => {
    const listed = Object.entries(commands).flatMap(([id, {calls = []}]) =>
      calls.map(call => `${id}: ${call}`),
    )
    const tested = new Set(ROWS.map(({call, command}) => `${command}: ${call}`))
    expect(listed.filter(row => !tested.has(row))).toEqual([])
  })

  it('has no row that its command does not list', () => {
    const stray = ROWS.filter(({call, command}) => !commands[command]?.calls?.includes(call))
    expect(stray.map(({call, command}) => `${command}: ${call}`)).toEqual([])
  })
})

describe.each(DIALECTS)('each call reaches the server, %s', dialect => {
  const chat = useChat({dialect})
  let recorder: Recorder
  beforeAll(async () => {
    recorder = await startRecorder(chat.url)
  })
  afterAll(() => recorder.close())

  const rows = ROWS.filter(({only = dialect}) => only === dialect)
  describe.each(rows)('$call by $command', ({call, command, args, as = 'alice', stdin}) => {
    const prepare = async (): Promise<{home: Home; words: string[]; env: NodeJS.ProcessEnv}> => {
      const words = await args({chat, room: await chat.room()})
      recorder.take()
      return {home: chat[as], words: [...command.split(':'), ...words], env: {VEZA_SERVER: recorder.url}}
    }

    it.each([[[]], [['--json']]])('through a pipe %j', async more => {
      const {home, words, env} = await prepare()
      const ended = await home.run([...words, ...more], {env, ...(stdin === undefined ? {} : {stdin})})
      expect(ended).toMatchObject({code: 0, stderr: expect.not.stringContaining('error')})
      expect(ended.stdout).not.toContain(ESCAPE)
      expect(recorder.take()).toContain(call)
    })

    it('at a terminal', async () => {
      const {home, words, env} = await prepare()
      const {code, screen} = await atTerminal(home, words, {
        env,
        ...(stdin === undefined ? {} : {input: stdin}),
      })
      expect({code, screen}).toMatchObject({code: 0})
      expect(recorder.take()).toContain(call)
    })
  })
})
