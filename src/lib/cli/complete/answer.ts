import {type BashLine, DEFAULT_BREAKS, insertion, readBashLine} from './bash-line.js'
import type {Candidate, Wanted} from './wanted.js'

/** Shells that completion is for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const

/** One of them. */
export type Shell = (typeof SHELLS)[number]

/** A line to complete, as the script of a shell has passed it on. */
export interface Request {
  /** The words before the cursor's, without `veza` itself. */
  readonly before: readonly string[]
  readonly typed: string
  /** Bash is told what to put in, other shells which word is meant. */
  readonly line?: BashLine
}

/**
 * Reads what the script of a shell passes on: of bash the line up to the cursor and COMP_WORDBREAKS; of PowerShell the words
 * as JSON in base 64, which no version of it garbles; of the others the words, the last one being the cursor's.
 */
export function readRequest(shell: Shell, given: readonly string[]): Request {
  if (shell === 'bash') {
    const [text = '', breaks = DEFAULT_BREAKS] = given
    const line = readBashLine(text, breaks)
    return {before: line.before.slice(1), typed: line.typed, line}
  }
  const words = shell === 'powershell' ? decodeWords(given[0] ?? '') : given
  return {before: words.slice(0, -1), typed: words.at(-1) ?? ''}
}

function decodeWords(text: string): readonly string[] {
  const words: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'))
  return Array.isArray(words) ? words.map(String) : []
}

/**
 * The answer for the script of a shell: in the first line `files`, `folders` or `words`, in each other one a word, for bash as it
 * is to be put in, for others with a tab and what it is.
 */
export function renderAnswer(
  {kind, kept}: Pick<Wanted, 'kind' | 'kept'>,
  candidates: readonly Candidate[],
  line: BashLine | undefined,
): string {
  const head = kind === 'file' ? 'files' : kind === 'folder' ? 'folders' : 'words'
  const lines = candidates.map(({value, summary}) => {
    const word = `${kept}${value}`
    return line === undefined ? `${word}\t${summary}` : insertion(word, line)
  })
  return [head, ...lines, ''].join('\n')
}
