import {custom} from '@oclif/core/flags'
import {VezaError} from '../../errors/veza-error.js'
import {reader, switchFlag} from '../flags.js'

/** `--idempotency-key` and `--upsert`. */
export const keyFlags = {
  'idempotency-key': keyFlag('idempotency-key', 'Send under this key once, however often the command runs'),
  upsert: keyFlag('upsert', 'Give the message of this key the new text; send it where there is none'),
}

/** `--once`. */
export const onceFlag = switchFlag({
  summary: 'Send this text once in this job of a CI run, however often the job is tried again',
})

/** What `keyFlags` and `onceFlag` parse to. */
interface KeyFlags {
  readonly 'idempotency-key'?: string
  readonly upsert?: string
  readonly once?: boolean
}

/**
 * The keys that a message is sent under.
 * @throws {VezaError} `usage` for more than one of the flags, and for `--once` outside of a CI run.
 */
export async function chosenKeys(
  flags: KeyFlags,
  content: string,
): Promise<{readonly key: string | undefined; readonly upsertKey: string | undefined}> {
  const {'idempotency-key': key, upsert: upsertKey, once = false} = flags
  if (!once) return {key, upsertKey}
  const other = key === undefined ? upsertKey && '--upsert' : '--idempotency-key'
  if (other) throw new VezaError('usage', `--once and ${other} exclude each other`)
  const {onceKey} = await import('../ci/once-key.js')
  return {key: await onceKey(content), upsertKey}
}

function keyFlag(name: string, summary: string) {
  return custom<string>({summary, helpValue: 'KEY', parse: reader(readKey, `--${name}`)})()
}

function readKey(text: string, label: string): string {
  if (text.trim() === '') throw new VezaError('usage', `${label} is empty`, {hint: 'is the variable set?'})
  return text
}
