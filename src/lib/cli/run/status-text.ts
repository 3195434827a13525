import type {ChildEnd} from './child.js'

/** The least that servers take is 2,000 characters (section 3 of the contract). */
const MAX_LENGTH = 1900
/** A longer command or title is cut. */
const SUBJECT_LENGTH = 200

/** What is being run, how long already, and what it said last. */
export interface RunState {
  /** The command, or a title. */
  readonly subject: string
  readonly elapsedMs: number
  readonly lines: readonly string[]
}

/** How a run ended: as its command did, or because `--timeout` ran out. */
export type RunEnd = ChildEnd | {readonly type: 'timeout'}

/** The message of a command that is running. */
export function runningText(state: RunState): string {
  return withLines(`▶ running: ${cut(state.subject)} … ${duration(state.elapsedMs)}`, state.lines)
}

/** The message of a command that has ended. */
export function endText(
  end: RunEnd,
  state: RunState,
  log?: {readonly name: string; readonly url: string},
): string {
  const took = duration(state.elapsedMs)
  const head = `${howItEnded(end, took)}: ${cut(state.subject)}`
  return withLines(log === undefined ? head : `${head}\nlog: ${log.name} ${log.url}`, state.lines)
}

function howItEnded(end: RunEnd, took: string): string {
  if (end.type === 'timeout') return `✘ timed out after ${took}`
  if (end.type === 'signal') return `✘ ended by ${end.signal} after ${took}`
  if (end.type === 'unstarted') return `✘ not started (${end.reason})`
  return end.code === 0 ? `✔ done in ${took}` : `✘ failed with exit code ${end.code} after ${took}`
}

/** As many of the last lines as a message holds, as a block. */
function withLines(head: string, lines: readonly string[]): string {
  const shown: string[] = []
  let length = head.length + 10
  for (const line of [...lines].reverse()) {
    length += line.length + 1
    if (length > MAX_LENGTH) break
    shown.unshift(line)
  }
  return shown.length === 0 ? head : `${head}\n\`\`\`\n${shown.join('\n')}\n\`\`\``
}

function cut(subject: string): string {
  return subject.length > SUBJECT_LENGTH
    ? `${subject.slice(0, SUBJECT_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`
    : subject
}

/** `0.4s`, `12s`, `2m 3s`, `1h 20m`. */
function duration(elapsedMs: number): string {
  if (elapsedMs < 9950) return `${(elapsedMs / 1000).toFixed(1)}s`
  const seconds = Math.round(elapsedMs / 1000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes}m ${seconds % 60}s` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`
}
