import {VezaError} from '../../errors/veza-error.js'

/** How a run stands. */
export type RunStatus = 'success' | 'failure' | 'cancelled' | 'running' | 'warning' | 'skipped'

/** Each status, the sign that shows it, and what CI systems call it. */
const STATUSES: Readonly<Record<RunStatus, {readonly symbol: string; readonly words: readonly string[]}>> = {
  success: {symbol: '✅', words: ['succeeded', 'passed', 'ok', '0']},
  failure: {symbol: '❌', words: ['failed', 'error', 'errored', 'broken']},
  cancelled: {symbol: '🚫', words: ['canceled', 'aborted', 'stopped', 'killed']},
  running: {symbol: '⏳', words: ['started', 'pending', 'in_progress']},
  warning: {symbol: '⚠️', words: ['unstable', 'succeededwithissues']},
  skipped: {symbol: '⏭️', words: ['not_built', 'neutral']},
}

/** The statuses by their own names. */
export const STATUS_NAMES = Object.keys(STATUSES) as readonly RunStatus[]

/** The sign that shows a status in a chat. */
export function statusSymbol(status: RunStatus): string {
  return STATUSES[status].symbol
}

/** The status that a CI system's word stands for, in upper or lower case; a number is an exit code. */
export function statusOf(text: string): RunStatus | undefined {
  const word = text.toLowerCase()
  const found = STATUS_NAMES.find(name => name === word || STATUSES[name].words.includes(word))
  return found ?? (/^\d+$/.test(word) ? 'failure' : undefined)
}

/** As `statusOf`, for a flag. @throws {VezaError} `usage` for a word that is none. */
export function parseStatus(text: string, label: string): RunStatus {
  const status = statusOf(text)
  if (status === undefined)
    throw new VezaError('usage', `${label} wants one of: ${STATUS_NAMES.join(', ')}`, {
      hint: "the words of the CI systems do, too, such as failed or SUCCESS, and a command's exit code",
    })
  return status
}
