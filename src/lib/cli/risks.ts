import type {Environment} from '../config/environment.js'
import type {Settings} from '../config/settings.js'
import type {Printer} from '../output/printer.js'
import type {OpenedSettings} from './open-settings.js'

const CREDENTIALS = ['VEZA_API_KEY', 'VEZA_TOKEN', 'VEZA_REFRESH_TOKEN', 'VEZA_PASSWORD', 'BOT_PASSWORD']

/** Warns, each time, of what puts the session at risk on the network. */
export function warnOfRisks(settings: Settings, out: Printer): void {
  const {protocol, hostname} = new URL(settings.server)
  if (settings.insecure)
    out.warn('--insecure: the certificate is not verified, anyone on the way can read the session')
  if (protocol === 'http:' && !isLoopback(hostname)) {
    out.warn(`${settings.server} is not encrypted, anyone on the way can read the session`)
  }
}

/**
 * Warns that credentials are about to go to a server that the working folder chose, which may have come with someone
 * else's repository. A session that is kept on this machine goes to its own server only; what the environment holds and
 * what is typed would go anywhere.
 */
export function warnOfForeignServer({foreignServer}: OpenedSettings, out: Printer): void {
  if (foreignServer === undefined) return
  const {file, server} = foreignServer
  out.warn(
    `your credentials go to ${server}, which ${file} names; if that is not meant, set VEZA_SERVER or --server`,
  )
}

/** Whether the environment holds what opens an account, on whichever server. */
export function credentialsInEnvironment(environment: Environment): boolean {
  return CREDENTIALS.some(variable => environment.get(variable) !== undefined)
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}
