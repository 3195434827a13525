import type {Style} from '../style.js'
import type {Column, View} from './view.js'

/** How a check of `veza doctor` ended. */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped'

/** What one check of `veza doctor` found. */
export interface Finding {
  readonly check: string
  readonly status: CheckStatus
  readonly detail: string
  readonly hint?: string | undefined
}

const MARKS: Readonly<Record<CheckStatus, string>> = {ok: '✓', warning: '!', failed: '✗', skipped: '-'}
const WIDEST_STATUS = 'skipped'.length

/** Findings as lines of a pipe. */
export const findingView: View<Finding> = {
  columns: [
    {header: 'check', value: finding => finding.check},
    {header: 'status', value: finding => finding.status},
    {header: 'detail', value: finding => finding.detail},
    {header: 'hint', value: finding => finding.hint},
  ],
}

/** Findings for a person: one under the other, nothing cut off, with the hint below the detail. */
export function checklistView(findings: readonly Finding[]): View<readonly Finding[]> {
  return {columns: findings.map(asField)}
}

function asField(finding: Finding): Column<readonly Finding[]> {
  const {check, status, detail, hint} = finding
  const head = `${MARKS[status]} ${status.padEnd(WIDEST_STATUS)}  `
  const below = hint === undefined ? '' : `\n${' '.repeat(head.length)}hint: ${hint}`
  return {
    header: check,
    value: () => `${head}${detail}${below}`,
    paint: (text, style) => colourOf(status, style)(text.slice(0, head.length)) + text.slice(head.length),
  }
}

function colourOf(status: CheckStatus, style: Style): (text: string) => string {
  return {ok: style.green, warning: style.yellow, failed: style.red, skipped: style.dim}[status]
}
