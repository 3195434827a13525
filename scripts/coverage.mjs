// docs/coverage.md: each row of the contract and the commands that are there for it.
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {loadSource} from './lib/load-source.mjs'

const root = join(import.meta.dirname, '..')

/** What is generated. */
export const COVERAGE_PAGE = join(root, 'docs', 'coverage.md')

const HEAD = `# Coverage of the API

Every call of section 4 and every frame of section 5 of the API, and the commands that are there for it: generated from
\`src/contract/calls.ts\` and the \`calls\` of the commands. A row without a command fails \`npm run check\`; each row is run against
the sandbox in both dialects by \`test/commands/coverage.test.ts\`. \`veza api\` reaches every call of a server, also those that are not here.
`

/**
 * The commands that list each row.
 * @param {readonly string[]} rows
 * @param {Record<string, {calls?: readonly string[], hidden?: boolean}>} commands by id, as the manifest has them
 */
export function coverageOf(rows, commands) {
  const shown = Object.entries(commands).filter(([, {hidden}]) => hidden !== true)
  return rows.map(row => ({
    row,
    ids: shown.filter(([, {calls = []}]) => calls.includes(row)).map(([id]) => id),
  }))
}

/** Writes the page. @returns {Promise<string[]>} the rows that no command lists */
export async function writeCoverage() {
  const {REST_CALLS, FRAME_CALLS} = await loadSource('contract/calls.ts')
  const {commands} = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'))
  const [rest, frames] = [REST_CALLS, FRAME_CALLS].map(rows => coverageOf(rows, commands))
  const page = [HEAD, '## Calls', '', table(rest), '', '## Frames', '', table(frames), '']
  writeFileSync(COVERAGE_PAGE, page.join('\n'))
  return [...rest, ...frames].filter(({ids}) => ids.length === 0).map(({row}) => row)
}

function table(rows) {
  const lines = rows.map(({row, ids}) => `| \`${row}\` | ${ids.map(link).join(', ') || 'none'} |`)
  return ['| call | commands |', '| --- | --- |', ...lines].join('\n')
}

/** Its section in the page of its topic. */
function link(id) {
  const name = id.replaceAll(':', ' ')
  return `[\`${name}\`](commands/${id.split(':')[0]}.md)`
}
