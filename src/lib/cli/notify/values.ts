import {sanitizeLine, sanitizeText} from '../../output/sanitize.js'
import type {CiRun} from '../ci/ci-run.js'
import {type RunStatus, statusSymbol} from '../ci/status.js'

/** As many digits of a commit tell it from others. */
const SHORT_COMMIT = 7

/** A line of its own in a message. */
export interface Field {
  readonly name: string
  readonly value: string
}

/** An uploaded file; without an address in a preview. */
export interface Attachment {
  readonly name: string
  readonly url: string
}

/** What a message is made of. */
export interface NotifyParts {
  readonly run: CiRun | undefined
  readonly status: RunStatus | undefined
  readonly title: string | undefined
  readonly message: string | undefined
  readonly fields: readonly Field[]
  readonly attachments: readonly Attachment[]
}

/** The fields of a template; `name`, `value` and `url` are those of the entries of `fields` and `attachments`. */
export const FIELDS: readonly string[] = [
  ...['headline', 'symbol', 'status', 'title', 'source', 'message'],
  ...['service', 'ci', 'repository', 'branch', 'tag', 'ref', 'commit', 'commit_short'],
  ...['job', 'run_id', 'run_url', 'actor', 'pull_request'],
  ...['fields', 'attachments', 'name', 'value', 'url'],
]

/**
 * The values of a template's fields. What CI systems, flags and files give is made safe for a line of text, as a branch
 * or a name may hold anything; the message may have several.
 */
export function templateValues(parts: NotifyParts): Readonly<Record<string, unknown>> {
  const {run, status, message, attachments} = parts
  const ref = run?.tag ?? run?.branch
  const commitShort = run?.commit?.slice(0, SHORT_COMMIT)
  const source = joined(' ', run?.repository, ref, commitShort)
  const lines = {
    symbol: status && statusSymbol(status),
    status,
    title: parts.title,
    source,
    headline: headline(status, parts.title ?? source),
    service: run?.service,
    ci: run?.name,
    repository: run?.repository,
    branch: run?.branch,
    tag: run?.tag,
    ref,
    commit: run?.commit,
    commit_short: commitShort,
    job: run?.job,
    run_id: run?.runId,
    run_url: run?.url,
    actor: run?.actor,
    pull_request: run?.pullRequest,
  }
  return {
    ...cleanLines(lines),
    message: message === undefined ? undefined : sanitizeText(message),
    fields: parts.fields.map(cleanLines),
    attachments: attachments.map(cleanLines),
  }
}

function headline(status: RunStatus | undefined, subject: string | undefined): string | undefined {
  const state = status && `${statusSymbol(status)} ${status}`
  return joined(': ', state, subject)
}

function joined(separator: string, ...texts: readonly (string | undefined)[]): string | undefined {
  return texts.filter(text => text !== undefined && text !== '').join(separator) || undefined
}

function cleanLines(values: object): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? sanitizeLine(value) : undefined,
    ]),
  )
}
