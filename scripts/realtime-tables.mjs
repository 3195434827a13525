// Writes the tables of docs/realtime.md from the tables of the code: what each close code and each error means.
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {loadSource} from './lib/load-source.mjs'

/** What is generated in part. */
export const REALTIME_PAGE = join(import.meta.dirname, '..', 'docs', 'realtime.md')

const cell = text => text.replaceAll('|', '\\|')
const words = policy => policy.replaceAll('_', ' ')
const line = cells => `| ${cells.map(cell).join(' | ')} |`

function table(heads, rows) {
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

function between(text, name, content) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to === -1) throw new Error(`docs/realtime.md has no place for: ${name}`)
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`
}

export async function writeRealtimeTables() {
  const {closeCodeTable, errorPolicyTable} = await loadSource('lib/realtime/reconnect/reconnect.ts')
  const codes = closeCodeTable().map(({code, meaning, policy, why}) => [code, meaning, words(policy), why])
  const errors = errorPolicyTable().map(({code, policy, why}) => [`\`${code}\``, words(policy), why])
  const page = readFileSync(REALTIME_PAGE, 'utf8')
  const withCodes = between(page, 'close codes', table(['code', 'meaning', 'policy', 'why'], codes))
  writeFileSync(REALTIME_PAGE, between(withCodes, 'errors', table(['error', 'policy', 'why'], errors)))
}
