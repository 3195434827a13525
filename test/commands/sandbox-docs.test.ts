import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {DEFAULT_DURATION_MS, FAULT_KINDS, OPTION_FIELDS, optionsOf} from '../../src/sandbox/faults/spec.js'
import {makeHome, startProcess, VEZA} from '../support/veza.js'

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'sandbox.md'), 'utf8')

/** The names in backquotes of the cells of a table row. */
const namesIn = (cell = ''): string[] => [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name ?? '')

test('docs/sandbox.md has every kind, in its order, with its options', () => {
  const rows = PAGE.split('\n').map(line => line.split('|').slice(1, -1))
  const kinds = rows.filter(([first]) => FAULT_KINDS.some(kind => first?.trim() === `\`${kind}\``))
  expect(kinds.map(([first]) => namesIn(first)[0]).sort()).toEqual([...FAULT_KINDS].sort())
  for (const row of kinds) {
    const kind = FAULT_KINDS.find(name => name === namesIn(row[0])[0])!
    // Of each kind by what the text above the tables says.
    const own = optionsOf(kind).filter(option => !['count', 'ratio', 'every'].includes(option))
    expect(namesIn(row.at(-1)).sort()).toEqual([...own].sort())
  }
})

test('docs/sandbox.md has every option', () => {
  for (const option of Object.keys(OPTION_FIELDS)) expect(PAGE).toMatch(new RegExp(`^\\| \`${option}=`, 'm'))
  expect(PAGE).toContain(`| ${DEFAULT_DURATION_MS / 1_000}s |`)
})

test('the script of docs/sandbox.md runs as it stands', async () => {
  const [, script = ''] = /```bash\n([\s\S]+?)```/.exec(PAGE) ?? []
  const {env, folder} = makeHome()
  const command = VEZA.map(word => `'${word}'`).join(' ')
  writeFileSync(join(folder, 'veza'), `#!/bin/sh\nexec ${command} "$@"\n`, {mode: 0o755})
  const {ended} = startProcess('bash', ['-c', script], {...env, PATH: `${folder}:${env.PATH}`})
  expect(await ended).toMatchObject({code: 0, stdout: 'posted once\n'})
})
