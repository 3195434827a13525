// The systemd units of deploy/: what systemd itself says of them, and how much of the system they leave open.
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** Of `systemd-analyze security`, times ten. What is left: the network, V8's memory, and that children may notify. */
const MOST_EXPOSED = 13

/** @returns {string[]} what is wrong. */
export function lintUnits(folder, program) {
  const work = mkdtempSync(join(tmpdir(), 'veza-units-'))
  try {
    return unitNames(folder).flatMap(name => {
      // systemd wants the program to be there.
      const text = readFileSync(join(folder, name), 'utf8').replace(
        /^ExecStart=veza /m,
        `ExecStart=${program} `,
      )
      const file = join(work, name.replace('@.', '@1.'))
      writeFileSync(file, text)
      return [
        ...analyze(name, ['verify', '--man=no', file]),
        ...analyze(name, ['security', '--offline=true', `--threshold=${MOST_EXPOSED}`, '--no-pager', file]),
      ]
    })
  } finally {
    rmSync(work, {recursive: true, force: true})
  }
}

function unitNames(folder) {
  return readdirSync(folder).filter(name => name.endsWith('.service'))
}

function analyze(name, args) {
  const {status, stdout, stderr, error} = spawnSync('systemd-analyze', args, {encoding: 'utf8'})
  if (error) return [`${name}: systemd-analyze: ${error.message}`]
  const said = stderr.trim()
  if (status === 0 && said === '') return []
  const exposed = stdout.split('\n').filter(line => line.startsWith('✗') || line.startsWith('→'))
  return [
    [`${name}: systemd-analyze ${args[0]} ended with ${status}`, said, ...exposed].filter(Boolean).join('\n'),
  ]
}
