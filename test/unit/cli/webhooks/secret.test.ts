import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {PassThrough, Readable} from 'node:stream'
import {expect, it} from 'vitest'
import type {Context} from '../../../../src/lib/cli/context.js'
import {givenSecret, newSecret, requiredWebhookSecret} from '../../../../src/lib/cli/webhooks/secret.js'
import {processEnvironment} from '../../../../src/lib/config/environment.js'
import {createIo} from '../../../../src/lib/output/io.js'
import {folder} from '../hooks/kit.js'

function parts(variables: Record<string, string>, stdin = '') {
  const context: Pick<Context, 'environment' | 'noInput' | 'signal'> = {
    environment: processEnvironment(variables),
    noInput: false,
    signal: new AbortController().signal,
  }
  const io = createIo({
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  })
  return [context as Context, io] as const
}

async function fileOf(content: string | Buffer): Promise<string> {
  const path = join(await folder(), 'secret')
  writeFileSync(path, content)
  return path
}

it('a file, else the variable, else none', async () => {
  const file = await fileOf('from the file\n')
  const variables = {VEZA_WEBHOOK_SECRET: 'from the variable'}
  expect(await givenSecret(...parts(variables), file)).toBe('from the file')
  expect(await givenSecret(...parts(variables), undefined)).toBe('from the variable')
  expect(await givenSecret(...parts({VEZA_WEBHOOK_SECRET: ''}), undefined)).toBeUndefined()
})

it.each([
  ['x', 'x'],
  ['x\n', 'x'],
  ['x\r\n', 'x'],
  ['x\n\n', 'x\n'],
  [' two\nlines ', ' two\nlines '],
])('a file with %j', async (content, secret) => {
  expect(await givenSecret(...parts({}), await fileOf(content))).toBe(secret)
})

it('the first line of stdin', async () => {
  expect(await givenSecret(...parts({}, 'piped\nrest'), '-')).toBe('piped')
})

it('nothing, no text, no file: usage errors without the secret in them', async () => {
  await expect(givenSecret(...parts({}), await fileOf('\n'))).rejects.toMatchObject({code: 'usage'})
  await expect(givenSecret(...parts({}), '-')).rejects.toMatchObject({message: 'stdin holds no secret'})
  await expect(givenSecret(...parts({}), await fileOf(Buffer.from([0x73, 0xff])))).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/no text in UTF-8/),
  })
  await expect(givenSecret(...parts({}), '/nowhere/secret')).rejects.toMatchObject({code: 'file_unreadable'})
  await expect(requiredWebhookSecret(...parts({}), undefined)).rejects.toMatchObject({
    code: 'usage',
    hint: 'give it with --secret-file or VEZA_WEBHOOK_SECRET',
  })
})

it('a new one has 256 bits, each time others', () => {
  expect(newSecret()).toMatch(/^[0-9a-f]{64}$/)
  expect(newSecret()).not.toBe(newSecret())
})
