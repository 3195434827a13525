import {VezaError} from '../../errors/veza-error.js'

/** Where to listen. */
export interface ListenAddress {
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
}

/** Nobody else reaches it. */
const LOOPBACK = '127.0.0.1'
const HIGHEST_PORT = 65_535

/**
 * Reads `--listen`: `HOST:PORT`, `[::1]:PORT`, or `PORT` alone for this machine only.
 * @throws {VezaError} `usage` naming `label`.
 */
export function parseListenAddress(text: string, label: string): ListenAddress {
  const [, bracketed, plain, digits = ''] = /^(?:(?:\[([^\]]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/.exec(text) ?? []
  if (digits === '' || Number(digits) > HIGHEST_PORT) {
    throw new VezaError('usage', `${label} wants HOST:PORT`, {
      hint: 'write 127.0.0.1:8080 or [::1]:8080; port 0 takes any free one',
    })
  }
  return {host: bracketed ?? plain ?? LOOPBACK, port: Number(digits)}
}

/** The address for people and for the server that is to call it. */
export function webAddress({host, port}: ListenAddress, path: string): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`
}

/** Whether only this machine reaches it. */
export function isLoopback({host}: ListenAddress): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
