import {VezaError} from '../errors/veza-error.js'
import {readSecretFile} from './secret-file.js'

/** The variables whose value may stand in a file instead, which the same name with `_FILE` behind it names. */
export const SECRET_VARIABLES: readonly string[] = [
  'VEZA_PASSWORD',
  'BOT_PASSWORD',
  'VEZA_TOKEN',
  'VEZA_REFRESH_TOKEN',
  'VEZA_API_KEY',
  'VEZA_REDIS_URL',
  'VEZA_JWT_SECRET',
  'VEZA_WEBHOOK_SECRET',
]

/** Read access to environment variables. An empty variable counts as not set, as CI systems set unused ones to ''. */
export interface Environment {
  /**
   * A secret may stand on the first line of the file that `NAME_FILE` names, which is read when it is first asked for.
   * @throws {VezaError} for `NAME_FILE` alone: `usage` where `NAME` is set, too, `config` where the file cannot be read.
   */
  get(name: string): string | undefined
}

/** The environment of this process: the only place of the client that reads `process.env`. */
export function processEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const plain = (name: string): string | undefined => {
    const value = variables[name]
    return value === '' ? undefined : value
  }
  // Read once: it may be a pipe, and one run must not meet two passwords.
  const read = new Map<string, string>()
  const fromFile = (name: string, file: string): string => {
    const secret = read.get(name) ?? readSecretFile(file, fileVariable(name))
    read.set(name, secret)
    return secret
  }
  return {
    get: name => {
      const value = plain(name)
      const file = SECRET_VARIABLES.includes(name) ? plain(fileVariable(name)) : undefined
      if (file === undefined) return value
      if (value !== undefined) throw bothSet(name)
      return fromFile(name, file)
    },
  }
}

/** Where the file of a secret is named. */
export function fileVariable(name: string): string {
  return `${name}_FILE`
}

/** The secrets that files hold, by their variables; without those that cannot be read. For what must not show them. */
export function secretsInFiles(environment: Environment): Readonly<Record<string, string>> {
  const secrets: Record<string, string> = {}
  for (const name of SECRET_VARIABLES) {
    if (environment.get(fileVariable(name)) === undefined) continue
    try {
      secrets[name] = environment.get(name) ?? ''
    } catch {
      // Whoever needs it tells of that.
    }
  }
  return secrets
}

function bothSet(name: string): VezaError {
  return new VezaError('usage', `${name} and ${fileVariable(name)} are both set`, {
    hint: 'unset one of them',
  })
}

/** What a service manager says to this process and to none that it starts: those could report in its name. */
const OF_SERVICE_MANAGER = ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']

/** All variables of this process. */
export function ownVariables(): Readonly<Record<string, string | undefined>> {
  return process.env
}

/** All variables of this process, for a process that it starts, but for those that are for it alone. */
export function inheritedVariables(): Readonly<Record<string, string | undefined>> {
  const inherited = {...process.env}
  for (const name of OF_SERVICE_MANAGER) delete inherited[name]
  return inherited
}

/** Whether a CI system runs this process: then nothing is ever asked for. */
export function inCi(environment: Environment): boolean {
  const ci = environment.get('CI')
  return ci !== undefined && ci !== '0' && ci !== 'false'
}
