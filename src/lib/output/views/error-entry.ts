import type {ErrorCode} from '../../errors/catalogue.js'
import type {View} from './view.js'

/** An error that commands can end with, as `veza errors` shows it. */
export interface ErrorEntry {
  /** The `code` of an error with `--json`. */
  readonly code: ErrorCode
  readonly exit_code: number
  /** Whether the same call may succeed later without a change by the user. */
  readonly retryable: boolean
  readonly summary: string
}

/** An error of the catalogue. */
export const errorEntryView: View<ErrorEntry> = {
  columns: [
    {header: 'code', value: entry => entry.code, paint: (text, style) => style.bold(text)},
    {header: 'exit', value: entry => entry.exit_code},
    {header: 'retry', value: entry => (entry.retryable ? 'yes' : 'no')},
    {header: 'meaning', value: entry => entry.summary},
  ],
}
