import type {Settings} from '../config/settings.js'
import type {LogFormat} from './log-format.js'
import type {ShapeFlags} from './output/flags.js'

/** What `outputFlags` and `networkFlags` parse to; a command that has no network flags has none of theirs. */
export interface GlobalFlags extends ShapeFlags {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly debug?: boolean
  readonly 'no-color'?: boolean
  readonly 'no-input'?: boolean
  readonly timeout?: number
  readonly profile?: string
  readonly server?: string
  readonly retries?: number
  readonly 'rate-limit'?: number
  readonly 'max-wait'?: number
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly insecure?: boolean
  /** Of commands that run for long. */
  readonly 'log-format'?: LogFormat | undefined
}

/** The settings that flags set; what was not given is left out. */
export function settingsOf(flags: GlobalFlags): Partial<Settings> {
  const {profile, server, retries, ca, cert, key, insecure} = flags
  const given = {
    profile,
    server,
    format: formatOf(flags),
    retries,
    rateLimit: flags['rate-limit'],
    maxWaitMs: flags['max-wait'],
    timeoutMs: flags.timeout,
    ca,
    cert,
    key,
    insecure: insecure === true ? true : undefined,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** Whether errors and data are JSON; a flag for another form of output outranks a setting. */
function formatOf({json, format, template, columns}: GlobalFlags): Settings['format'] | undefined {
  if (json === true || format === 'json' || format === 'ndjson') return 'json'
  return format === undefined && template === undefined && columns === undefined ? undefined : 'text'
}
