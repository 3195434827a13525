// Has mandoc and man-db look at docs/man/. Where they are not installed that is said; in CI it is a failure.
import {spawnSync} from 'node:child_process'
import {manFiles} from './man-pages.mjs'

/** A page is the same whenever it is made, so it has no date. */
const EXPECTED = /missing date, using ""/

const LINTERS = [
  {command: 'mandoc', args: path => ['-T', 'lint', '-W', 'warning', path]},
  {
    command: 'man',
    args: path => ['--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z', path],
    tells: 'stderr',
  },
]

function faultsOf({command, args, tells = 'stdout'}, path) {
  const ended = spawnSync(command, args(path), {
    encoding: 'utf8',
    env: {...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '80'},
  })
  if (ended.error?.code === 'ENOENT') return undefined
  return `${ended[tells]}`.split('\n').filter(line => line !== '' && !EXPECTED.test(line))
}

let failed = false
for (const linter of LINTERS) {
  const faults = manFiles().map(path => faultsOf(linter, path))
  if (faults.includes(undefined)) {
    console.error(`man pages: ${linter.command} is not installed, so it has not looked at them`)
    failed ||= process.env.CI === 'true'
    continue
  }
  for (const fault of faults.flat()) console.error(fault)
  failed ||= faults.flat().length > 0
}
if (failed) process.exit(1)
console.log(`man pages: ${manFiles().length}, without a warning`)
