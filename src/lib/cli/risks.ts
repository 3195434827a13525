import type {Settings} from '../config/settings.js'
import type {Printer} from '../output/printer.js'

/** Warns, each time, of what puts the session at risk on the network. */
export function warnOfRisks(settings: Settings, out: Printer): void {
  const {protocol, hostname} = new URL(settings.server)
  if (settings.insecure)
    out.warn('--insecure: the certificate is not verified, anyone on the way can read the session')
  if (protocol === 'http:' && !isLoopback(hostname)) {
    out.warn(`${settings.server} is not encrypted, anyone on the way can read the session`)
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}
