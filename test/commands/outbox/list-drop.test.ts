import {expect, test} from 'vitest'
import {documentOf} from '../../support/chat.js'
import {atTerminal, type Home, makeHome} from '../../support/veza.js'

const ALICE = {VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'p'}

/** A home where these texts wait; no server is there. */
async function homeWith(...texts: readonly string[]): Promise<Home> {
  const home = makeHome({VEZA_SERVER: 'http://127.0.0.1:1', ...ALICE})
  for (const text of texts) await home.run(['messages', 'send', 'general', text, '--queue'])
  return home
}

const contents = async (home: Home): Promise<unknown[]> =>
  documentOf<{content: string}[]>(await home.run(['outbox', 'list', '--json'])).map(({content}) => content)

test('an empty outbox says so, and is not made', async () => {
  const home = await homeWith()
  const {code, stdout, stderr} = await home.run(['outbox', 'list'])
  expect([code, stdout, stderr]).toEqual([0, '', 'nothing waits for http://127.0.0.1:1\n'])
  expect((await home.run(['outbox', 'list', '--json'])).stdout).toBe('[]\n')
})

test('a terminal gets a table, with hostile text made harmless and cut', async () => {
  const home = await homeWith(`\u001b[2Jevil ${'x'.repeat(200)}`)
  const {screen} = await atTerminal(home, ['outbox', 'list', '--no-color'])
  const [head, row] = screen.split('\n')
  expect(head).toMatch(/^ID +AGE +TO +ACCOUNT +CONTENT +TRIES +LAST ERROR/)
  expect(row).toMatch(/^1 .* #general +alice .*evil/)
  expect(row).not.toContain('\u001b')
})

test('what waits for another server is told of, not shown', async () => {
  const home = await homeWith('here')
  const {stdout, stderr} = await home.run(['outbox', 'list', '--server', 'http://127.0.0.1:2'])
  expect([stdout, stderr]).toEqual([
    '',
    'nothing waits for http://127.0.0.1:2\n1 more for other servers: see them with --server or --profile\n',
  ])
  expect((await home.run(['outbox', 'drop', '1', '--yes', '--server', 'http://127.0.0.1:2'])).code).toBe(7)
  expect(await contents(home)).toEqual(['here'])
})

test('drop takes one out, or all, with --yes', async () => {
  const home = await homeWith('a', 'b', 'c')
  const one = await home.run(['outbox', 'drop', '2', '--yes', '--json'])
  expect(documentOf(one)).toEqual({dropped: [2]})
  expect(await contents(home)).toEqual(['a', 'c'])
  const all = await home.run(['outbox', 'drop', '--all', '--yes'])
  expect(all).toMatchObject({code: 0, stdout: '', stderr: 'dropped 2 messages\n'})
  expect(await contents(home)).toEqual([])
  expect((await home.run(['outbox', 'drop', '--all', '--yes'])).stderr).toBe('dropped 0 messages\n')
})

test('drop asks at a terminal', async () => {
  const home = await homeWith('precious')
  const {code, screen} = await atTerminal(home, ['outbox', 'drop', '1'], {
    typing: [{prompt: '(y/N)', typed: 'n\r'}],
  })
  expect([code, screen.includes('Really drop 1 unsent message?')]).toEqual([1, true])
  expect(await contents(home)).toEqual(['precious'])
})

test.each([
  [['1'], 2, '--yes'],
  [[], 2, 'or --all'],
  [['1', '--all', '--yes'], 2, 'or --all'],
  [['9', '--yes'], 7, 'no message 9 waits'],
  [['one', '--yes'], 2, 'ID'],
])('drop %j ends with %i', async (words, code, problem) => {
  const home = await homeWith('kept')
  expect(await home.run(['outbox', 'drop', ...words])).toMatchObject({
    code,
    stderr: expect.stringContaining(problem),
  })
  expect(await contents(home)).toEqual(['kept'])
})
