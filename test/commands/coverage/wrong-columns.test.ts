import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {useChat} from '../../support/chat.js'
import {type Recorder, startRecorder} from '../../support/recorder.js'
import {ROWS} from './rows.js'

/** What these print has no columns: nothing as text, and their few fields in any other format. */
const WITHOUT_COLUMNS = new Set([
  'api',
  'api:ws',
  'dm:block',
  'messages:react',
  'messages:unreact',
  'presence:set',
])
const CHANGES = ROWS.filter(
  ({call, command}) => !/^(GET|DELETE) |block$|^[a-z_]+$/.test(call) && !WITHOUT_COLUMNS.has(command),
)

describe('a column that is not there is told of before anything is changed', () => {
  const chat = useChat()
  let recorder: Recorder
  beforeAll(async () => {
    recorder = await startRecorder(chat.url)
  })
  afterAll(() => recorder.close())

  it.each(CHANGES)('$command, $call', async ({call, command, args, as = 'alice', stdin}) => {
    const words = await args({chat, room: await chat.room()})
    recorder.take()
    const run = await chat[as].run([...command.split(':'), ...words, '--columns', 'nope'], {
      env: {VEZA_SERVER: recorder.url},
      ...(stdin === undefined ? {} : {stdin}),
    })
    const made = recorder.take().filter(row => row === call)
    expect({code: run.code, stdout: run.stdout, made}).toEqual({code: 2, stdout: '', made: []})
    expect(run.stderr).toContain('error: --columns: there is no column or field nope\n')
  })

  it.each([['join'], ['leave']])('rooms %s with a template', async verb => {
    const {id} = await chat.room()
    recorder.take()
    const run = await chat.bob.run(['rooms', verb, `${id}`, '--template', '{{nope}}'], {
      env: {VEZA_SERVER: recorder.url},
    })
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(recorder.take()).toEqual([])
  })

  it.each([
    ['messages history general'],
    ['messages search x general'],
    ['presence watch'],
    ['webhooks listen'],
  ])('%s, before the first record', async line => {
    recorder.take()
    const run = await chat.alice.run([...line.split(' '), '--columns', 'nope', '--timeout', '20s'], {
      env: {VEZA_SERVER: recorder.url, VEZA_WEBHOOK_SECRET: 'secret'},
    })
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(run.stderr).toMatch(/^error: --columns: there is no column or field nope\n/)
    expect(recorder.take()).toEqual([])
  })
})
