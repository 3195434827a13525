import {expect} from 'vitest'
import type {Ended, Home, RunOptions} from '../../support/veza.js'

/** How a command has to fail. */
export interface Failure {
  /** Exit code, with and without `--json`. */
  readonly exit: number
  /** Matches the message behind `error: `. */
  readonly says: RegExp
  /** Matches the hint; undefined: there may be one or none. */
  readonly hint?: RegExp
  /** Matches the code in the JSON. */
  readonly code?: string
  /** What the command must not repeat: tokens, passwords, what was typed. */
  readonly never?: readonly string[]
  readonly run?: RunOptions
}

/** What `--json` says of an error. */
export interface ErrorRecord {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly exit_code: number
  readonly status?: number
  readonly retryable: boolean
  readonly retry_after_ms?: number
}

/**
 * Runs a command with and without `--json`, and expects of both: the exit code, nothing on stdout, on stderr one line of
 * error and at most one hint, or one line of JSON that says the same.
 */
export async function expectFailure(
  home: Home,
  args: readonly string[],
  failure: Failure,
): Promise<ErrorRecord> {
  const [plain, json] = await Promise.all([
    home.run(args, failure.run),
    home.run([...args, '--json'], failure.run),
  ])
  expectErrorLines(plain, failure)
  return expectErrorJson(json, failure)
}

/** The half of `expectFailure` for people. */
export function expectErrorLines(ended: Ended, {exit, says, hint, never = []}: Failure): void {
  expect(ended).toMatchObject({code: exit, stdout: ''})
  expect(ended.stderr).toMatch(/^error: [^\n]+\n(hint: [^\n]+\n)?$/)
  const [first = '', second = ''] = ended.stderr.split('\n')
  expect(first.slice('error: '.length)).toMatch(says)
  if (hint !== undefined) expect(second).toMatch(hint)
  expectSecretsKept(ended, never)
}

/** The half of `expectFailure` for scripts. */
export function expectErrorJson(ended: Ended, {exit, says, hint, code, never = []}: Failure): ErrorRecord {
  expect(ended.code).toBe(exit)
  // Nothing, but for a send whose outcome is not known.
  expect(ended.stdout).toMatch(/^(\{[^\n]*"outcome":"unknown"[^\n]*\}\n)?$/)
  expect(ended.stderr).toMatch(/^\{[^\n]+\}\n$/)
  const {error} = JSON.parse(ended.stderr) as {error: ErrorRecord}
  expect(error).toMatchObject({exit_code: exit, message: expect.stringMatching(says)})
  if (hint !== undefined) expect(error.hint).toMatch(hint)
  if (code !== undefined) expect(error.code).toBe(code)
  expectSecretsKept(ended, never)
  return error
}

function expectSecretsKept(ended: Ended, never: readonly string[]): void {
  const shown = ended.stderr + ended.stdout
  for (const secret of [...never, 'alice-pass', 'bob-pass']) expect(shown).not.toContain(secret)
  // Any token: each begins with the header of a JWT. Shorter, and the name of a folder could look like one.
  expect(shown).not.toMatch(/eyJ[\w-]{10}/)
}
