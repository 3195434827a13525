import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {readRequest, renderAnswer, SHELLS} from './lib/cli/complete/answer.js'
import type {CompletionTree} from './lib/cli/complete/tree.js'
import {type Candidate, type Wanted, wanted} from './lib/cli/complete/wanted.js'
import {writeNow} from './lib/output/write-now.js'

/**
 * `veza __complete SHELL ...`: what can stand at the cursor. A bundle of its own, so that a key press waits for nothing that
 * commands need. Writes nothing to stderr, and nothing at all where anything is wrong.
 */
export async function complete(argv: readonly string[]): Promise<void> {
  const shell = SHELLS.find(name => name === argv[0])
  if (shell === undefined) return
  try {
    // Beside this bundle; made by the build.
    const tree = JSON.parse(readFileSync(join(__dirname, 'completion.json'), 'utf8')) as CompletionTree
    const {before, typed, line} = readRequest(shell, argv.slice(1))
    const want = wanted(tree, before, typed)
    const found = isNamed(want) ? await names(want, before) : []
    writeNow(renderAnswer(want, [...want.words, ...found], line))
  } catch {
    // A shell that gets no answer offers nothing.
  }
}

function isNamed({kind}: Wanted): boolean {
  return kind === 'room' || kind === 'user' || kind === 'profile'
}

async function names(want: Wanted, before: readonly string[]): Promise<readonly Candidate[]> {
  const {findNames} = await import('./lib/cli/complete/find-names.js')
  return findNames(want, before)
}
