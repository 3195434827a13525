import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {beforeAll, describe, expect, it} from 'vitest'
import {useChat} from '../../support/chat.js'
import {fetchNames, hasShell, ShellSession} from './shells.js'

/** Beginnings as they are typed, and the name that the command must get. Raw text: backslashes are typed, too. */
const NAMES: readonly (readonly [typed: string, name: string])[] = [
  ['two', 'two words'],
  ['it', "it's"],
  ["'it", "it's"],
  ['say', 'say "hi"'],
  [String.raw`\$`, '$(touch pwned)'],
  ["'$", '$(touch pwned)'],
  [String.raw`"\$`, '$(touch pwned)'],
  ['back', 'back\\slash'],
  ['"bang', 'bang!bang'],
  ['a:', 'a:b=c@d'],
  ['semi', 'semi;colon&amp|pipe>out'],
  ['emo', 'emoji 👩‍💻'],
  ['star', 'star*?[x]{y}'],
  ['"#-d', '#-dash'],
]

const ROOMS = [
  ...NAMES.map(([, name]) => name.replace(/^#/, '')),
  '`touch pwned`',
  'new\nline $(touch pwned)',
  '\u001b[31mred',
]

/** A few dozen starts of a shell's own programs and of Node, one after the other. */
const LONG_MS = 90_000

describe.each(['bash', 'zsh', 'fish'] as const)('completion in %s', shell => {
  const needs = describe.skipIf(!hasShell(shell) && process.env.CI === undefined)
  const chat = useChat()
  beforeAll(async () => {
    for (const name of new Set(ROOMS)) await chat.call('alice', 'POST', '/rooms', {name})
  })

  const warm = async (): Promise<void> => {
    for (const [kind, prefix] of [
      ['room', ''],
      ['user', 'bo'],
      ['user', 'bob'],
      ['user', 'adm'],
    ])
      await fetchNames(chat.alice, kind!, prefix!)
  }

  needs('a real one', () => {
    it(
      'puts names in so that the command gets them exactly, and runs nothing of them',
      async () => {
        await warm()
        const session = await ShellSession.start(shell, chat.alice.env)
        for (const [typed, name] of NAMES)
          expect(await session.complete(`veza rooms get ${typed}`)).toEqual(['rooms', 'get', name])
        expect(existsSync(join(session.folder, 'pwned'))).toBe(false)
      },
      LONG_MS,
    )

    it(
      'knows commands, flags, their values, users, profiles and files',
      async () => {
        await warm()
        const session = await ShellSession.start(shell, chat.alice.env, ['my file.txt'])
        const cases: readonly (readonly [string, readonly string[]])[] = [
          ['veza room', ['rooms']],
          ['veza rooms ge', ['rooms', 'get']],
          ['veza rooms list --filt', ['rooms', 'list', '--filter']],
          ['veza rooms list --filter jo', ['rooms', 'list', '--filter', 'joined']],
          ['veza rooms list --filter=jo', ['rooms', 'list', '--filter=joined']],
          ['veza messages list --room=two', ['messages', 'list', '--room=two words']],
          ['veza dm send bo', ['dm', 'send', 'bo']],
          ['veza dm send bob', ['dm', 'send', 'bob']],
          ['veza messages tail --from alice,adm', ['messages', 'tail', '--from', 'alice,admin']],
          ['veza files upload my', ['files', 'upload', 'my file.txt']],
          ['veza files upload --ca=my', ['files', 'upload', '--ca=my file.txt']],
          ['veza errors rate', ['errors', 'rate_limited']],
          ['veza config get serv', ['config', 'get', 'server']],
        ]
        for (const [line, words] of cases) expect(await session.complete(line)).toEqual(words)
      },
      LONG_MS,
    )

    it('without server, session or settings it leaves the line as it is', async () => {
      const gone = {...chat.alice.env, VEZA_SERVER: 'http://127.0.0.1:1', VEZA_STATE_DIR: '/dev/null/state'}
      const session = await ShellSession.start(shell, gone)
      expect(await session.complete('veza rooms get gen')).toEqual(['rooms', 'get', 'gen'])
      expect(await session.complete('veza rooms list --filter jo')).toEqual([
        'rooms',
        'list',
        '--filter',
        'joined',
      ])
    })
  })
})
