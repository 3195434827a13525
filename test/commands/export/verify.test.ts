import {cpSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {beforeEach, describe, expect, test} from 'vitest'
import {documentOf, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe('export verify', () => {
  const chat = useChat()
  let folder = ''
  let root = ''

  beforeEach(async () => {
    if (root !== '') return
    folder = join(chat.alice.folder, 'general')
    await chat.post(1, ['hello'], 'alice')
    root = String(
      documentOf(await chat.alice.run(['rooms', 'export', 'general', '--output', folder, '--json'])).root,
    )
  })

  test('needs no server, no session and no settings', async () => {
    const run = await chat.alice.run(['export', 'verify', folder, '--json'], {
      env: {VEZA_SERVER: 'http://127.0.0.1:1', VEZA_TOKEN: ''},
    })
    expect(documentOf(run)).toMatchObject({folder, ok: true, root, problems: []})
  })

  test('a folder that was made anew is not the one with the root', async () => {
    const {code, stdout} = await chat.alice.run([
      'export',
      'verify',
      folder,
      '--root',
      'ab'.repeat(32),
      '--json',
    ])
    expect([code, recordsOf({stdout})[0]?.ok]).toEqual([1, false])
  })

  test('a person sees what is wrong, and no escape sequence of a name', async () => {
    const copy = join(chat.alice.folder, 'copy')
    cpSync(folder, copy, {recursive: true})
    writeFileSync(join(copy, 'evil\u001b[31m\u202e'), '')
    const {code, screen} = await atTerminal(chat.alice, ['export', 'verify', copy])
    expect(code).toBe(1)
    expect(screen).toMatch(/damaged\S*, 1 message, 0 files/)
    expect(screen).toContain('\n  evil\\u{202e}: does not belong to the export\n')
  })

  test.each([
    [['nowhere'], 7, /no export in nowhere/],
    [[], 2, /folders/i],
    [['x', '--root', 'abc'], 2, /--root wants 64 hexadecimal digits/],
  ])('%j', async (words, code, message) => {
    const run = await chat.alice.run(['export', 'verify', ...words])
    expect(run).toMatchObject({code, stdout: '', stderr: expect.stringMatching(message)})
  })
})
