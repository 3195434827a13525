import {spawnSync} from 'node:child_process'
import {closeSync, openSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {Ajv} from 'ajv'
import {describe, expect, it} from 'vitest'
import {DIALECTS, documentOf, type Fields, useChat} from '../support/chat.js'
import {assertOutputSchema} from '../support/output-schema.js'
import {makeHome} from '../support/veza.js'

const root = join(import.meta.dirname, '..', '..')
const {commands} = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
  commands: Record<string, {hidden?: boolean}>
}

describe('--json-schema', () => {
  it('prints a schema that is valid, without the arguments, the server or the session that the command needs', async () => {
    const schema = documentOfText(await makeHome().run(['rooms', 'get', '--json-schema']))
    expect(schema).toMatchObject({title: 'veza rooms get', definitions: {Room: {required: ['id', 'name']}}})
    expect(new Ajv({strict: false}).validateSchema(schema)).toBe(true)
  })

  it('comes before everything else of the command line but --help', async () => {
    const home = makeHome()
    const schema = await home.run(['messages', 'send', '--nope', '--json-schema', '--json', '--room'])
    expect(documentOfText(schema).title).toBe('veza messages send')
    expect((await home.run(['rooms', 'get', '--json-schema', '--help'])).stdout).toContain('USAGE')
  })

  it('behind -- it is a word like any other', async () => {
    const {code, stdout} = await makeHome().run(['run', '--room', '1', '--', 'echo', '--json-schema'])
    expect({code, stdout}).toEqual({code: 0, stdout: '--json-schema\n'})
  })

  it('on a full disk fails as any other output does', () => {
    const full = openSync('/dev/full', 'w')
    const {status, stderr} = spawnSync(
      process.execPath,
      [join(root, 'bin', 'run.js'), 'errors', '--json-schema'],
      {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      },
    )
    closeSync(full)
    expect({status, stderr}).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^error: cannot write the output: ENOSPC.*\n$/),
    })
  })

  it('each command has one', () => {
    const shown = Object.keys(commands).filter(id => commands[id]?.hidden !== true)
    for (const id of shown) {
      const text = readFileSync(join(root, 'docs', 'schemas', ...id.split(':')).concat('.json'), 'utf8')
      const schema = JSON.parse(text) as Fields
      expect(schema.title).toBe(`veza ${id.replaceAll(':', ' ')}`)
      expect(() => new Ajv({strict: false}).compile(schema)).not.toThrow()
    }
  })
})

describe.each(DIALECTS)('what a schema says holds, %s', dialect => {
  const chat = useChat({dialect})

  it('for what the command prints, by any validator', async () => {
    const {id} = await chat.room()
    const room = documentOf(await chat.alice.run(['rooms', 'get', String(id), '--json']))
    const schema = documentOfText(await chat.alice.run(['rooms', 'get', '--json-schema']))
    const validate = new Ajv({strict: false}).compile(schema)
    expect(validate(room)).toBe(true)
    expect(validate({...room, name: undefined, id: 'one'})).toBe(false)
    expect(validate({...room, new_field: 1})).toBe(true)
  })
})

describe('every test of a command is one of its schema', () => {
  it.each([
    [['rooms', 'get', '1', '--json'], '{"id":1}\n', /veza rooms get.*name/],
    [['rooms', 'list', '--json'], '{"id":1,"name":"a"}\n', /must be array/],
    [['config', 'list', '--json'], '[{"key":"a","source":"b","more":1}]\n', /additionalProperty.*more/],
    [['messages', 'tail', '--json'], '{"id":1,"content":"a"}\n{"id":2}\n', /content/],
  ])('%j', async (args, stdout, fault) => {
    await expect(assertOutputSchema(args, stdout)).rejects.toThrow(fault)
  })

  it.each([
    [['rooms', 'get', '1', '--json'], '{"id":1,"name":"a","more":1}\n'],
    [['rooms', 'get', '1'], 'id 1\n'],
    [['rooms', 'get', '1', '--json', '--jq', '.id'], '1\n'],
    [['messages', 'tail', '--json'], '{"id":1,"content":"a"}\n{"id":'],
    [['run', '--json', '--', 'x'], 'not JSON\n'],
    [['rooms', 'get', '--', '--json'], 'no JSON\n'],
  ])('%j is as it should be', async (args, stdout) => {
    await expect(assertOutputSchema(args, stdout)).resolves.toBeUndefined()
  })
})

/** The one document on several lines. */
function documentOfText({
  code,
  stdout,
  stderr,
}: {
  code: number | null
  stdout: string
  stderr: string
}): Fields {
  expect({code, stderr}).toEqual({code: 0, stderr: ''})
  return JSON.parse(stdout) as Fields
}
