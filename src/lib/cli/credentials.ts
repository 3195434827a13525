import type {Environment} from '../config/environment.js'
import {VezaError} from '../errors/veza-error.js'
import type {Io} from '../output/io.js'
import {askHidden, askText, mayAsk} from './prompt.js'
import {readSecret} from './secret-input.js'

/** Where a user name and password may come from. */
export interface CredentialSources {
  /** From flag, environment or user file. */
  readonly username: string | undefined
  readonly passwordStdin: boolean
  readonly noInput: boolean
  readonly environment: Environment
  readonly io: Io
  readonly signal: AbortSignal
}

/**
 * User name and password: as given, from stdin or the environment, else asked for at a terminal.
 * @throws {VezaError} `usage` naming the flag and the variable where one is missing and nobody can be asked.
 */
export async function readCredentials(
  sources: CredentialSources,
): Promise<{username: string; password: string}> {
  const {io, signal} = sources
  const canAsk = mayAsk(io, sources.noInput, sources.environment)
  const username = sources.username ?? (canAsk ? await askText(io, 'User name', signal) : undefined)
  if (username === undefined || username === '') throw usernameMissing()
  const password =
    (await givenPassword(sources)) ?? (canAsk ? await askHidden(io, 'Password', signal) : undefined)
  if (password === undefined || password === '') throw passwordMissing()
  return {username, password}
}

/** Checks what can be known before anybody is asked. @throws {VezaError} `usage` as `readCredentials`. */
export function assertCredentials({
  username,
  passwordStdin,
  noInput,
  environment,
  io,
}: CredentialSources): void {
  if (mayAsk(io, noInput, environment)) return
  if (username === undefined || username === '') throw usernameMissing()
  if (!passwordStdin && environmentPassword(environment) === undefined) throw passwordMissing()
}

async function givenPassword({
  environment,
  io,
  passwordStdin,
  signal,
}: CredentialSources): Promise<string | undefined> {
  if (passwordStdin) return readSecret(io.stdin, 'the password', signal)
  return environmentPassword(environment)
}

function environmentPassword(environment: Environment): string | undefined {
  return environment.get('VEZA_PASSWORD') ?? environment.get('BOT_PASSWORD')
}

function usernameMissing(): VezaError {
  return new VezaError('usage', 'the user name is missing', {
    hint: 'give it with --username or VEZA_USERNAME',
  })
}

function passwordMissing(): VezaError {
  return new VezaError('usage', 'the password is missing', {
    hint: 'give it with --password-stdin or VEZA_PASSWORD',
  })
}
