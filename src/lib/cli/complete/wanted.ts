import {matchCommand} from '../dispatch.js'
import type {CompletionCommand, CompletionFlag, CompletionTree, ValueKind} from './tree.js'

/** Something to complete a word with. */
export interface Candidate {
  readonly value: string
  readonly summary: string
}

/** What can stand in place of the word at the cursor. */
export interface Wanted {
  /** Words that are known at once: commands, flags, values. */
  readonly words: readonly Candidate[]
  /** What else to look for: names of the server, files. */
  readonly kind: ValueKind
  /** The beginning of the word that stays, such as `--room=`. */
  readonly kept: string
  /** What has been typed of the rest. */
  readonly typed: string
}

const HELP: Candidate = {value: '--help', summary: 'Show help'}
const VERSION: Candidate = {value: '--version', summary: 'Show the version'}

/**
 * What can stand in place of a word, from the words before it (without `veza` itself).
 * @param before the words before the cursor's, as the command would get them.
 * @param typed the beginning of the cursor's word.
 */
export function wanted(tree: CompletionTree, before: readonly string[], typed: string): Wanted {
  const words = before[0] === 'help' ? before.slice(1) : before
  const match = matchCommand(words, new Set(Object.keys(tree.commands)))
  const command = match === undefined ? undefined : tree.commands[match.id]
  const next = before.includes('--') ? [] : nextWords(tree, words, typed)
  if (match === undefined || command === undefined || before[0] === 'help') return plain(next, typed)
  const own = ofCommand(tree, command, match.rest, typed)
  return {...own, words: [...next, ...own.words]}
}

function plain(words: readonly Candidate[], typed: string): Wanted {
  return {words, kind: 'none', kept: '', typed}
}

/** The words that may follow those of a topic: `get`, `list`, ... after `rooms`. */
function nextWords(tree: CompletionTree, words: readonly string[], typed: string): readonly Candidate[] {
  const prefix = words.map(word => `${word}:`).join('')
  const found = new Map<string, string>()
  for (const [id, {summary}] of Object.entries(tree.commands)) {
    if (!id.startsWith(prefix)) continue
    const [word = '', ...more] = id.slice(prefix.length).split(':')
    if (more.length === 0) found.set(word, summary)
    else if (!found.has(word)) found.set(word, tree.topics[`${prefix}${word}`] ?? '')
  }
  const names = [...found].map(([value, summary]) => ({value, summary}))
  const isTop = words.length === 0
  const flags = typed.startsWith('-') && found.size > 0 ? [HELP, ...(isTop ? [VERSION] : [])] : []
  const help = isTop ? [{value: 'help', summary: 'Show help of a command'}] : []
  return starting([...names, ...(found.size > 0 ? help : []), ...flags], typed)
}

function ofCommand(
  tree: CompletionTree,
  command: CompletionCommand,
  rest: readonly string[],
  typed: string,
): Wanted {
  const flags = command.flags.flatMap(place => tree.flags[place] ?? [])
  const {position, pending, given, isPastFlags} = readWords(flags, rest)
  if (pending !== undefined) return ofKind(pending.kind ?? 'none', '', typed)
  if (!isPastFlags && typed.startsWith('-')) {
    const [name = '', ...value] = typed.split('=')
    const flag = value.length === 0 ? undefined : flags.find(known => `--${known.name}` === name)
    if (value.length > 0) return ofKind(flag?.kind ?? 'none', `${name}=`, value.join('='))
    const open = flags.filter(known => known.multiple === true || !given.has(known.name))
    const words = open.map(known => ({value: `--${known.name}`, summary: known.summary}))
    return plain(starting([...words, HELP], typed), typed)
  }
  const last = command.args.at(-1)
  const arg = command.args[position] ?? (last?.multiple === true ? last : undefined)
  return ofKind(arg?.kind ?? 'none', '', typed)
}

/** How far the words before the cursor have come. */
interface Progress {
  /** Arguments until now. */
  position: number
  /** The flag whose value the cursor's word is. */
  pending: CompletionFlag | undefined
  readonly given: Set<string>
  isPastFlags: boolean
}

function readWords(flags: readonly CompletionFlag[], words: readonly string[]): Progress {
  const progress: Progress = {position: 0, pending: undefined, given: new Set(), isPastFlags: false}
  for (const word of words) {
    if (progress.pending !== undefined) progress.pending = undefined
    else if (progress.isPastFlags || !/^-./.test(word)) progress.position += 1
    else if (word === '--') progress.isPastFlags = true
    else readFlag(flags, word, progress)
  }
  return progress
}

function readFlag(flags: readonly CompletionFlag[], word: string, progress: Progress): void {
  const [name] = word.split('=')
  const isLong = word.startsWith('--')
  const flag = flags.find(known =>
    isLong ? `--${known.name}` === name : `-${known.char}` === word.slice(0, 2),
  )
  if (flag === undefined) return
  progress.given.add(flag.name)
  const holdsValue = isLong ? word.includes('=') : word.length > 2
  if (flag.kind !== undefined && !holdsValue) progress.pending = flag
}

/** Names of users may stand in a list: only the last of them is completed. */
function ofKind(kind: ValueKind, kept: string, typed: string): Wanted {
  if (typeof kind !== 'string') {
    const words = starting(
      kind.map(value => ({value, summary: ''})),
      typed,
    )
    return {words, kind: 'none', kept, typed}
  }
  const comma = kind === 'user' ? typed.lastIndexOf(',') + 1 : 0
  return {words: [], kind, kept: kept + typed.slice(0, comma), typed: typed.slice(comma)}
}

function starting(candidates: readonly Candidate[], typed: string): readonly Candidate[] {
  return candidates.filter(({value}) => value.startsWith(typed))
}
