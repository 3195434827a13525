import {VezaError} from '../errors/veza-error.js'

/** Where to listen. */
export interface ListenAddress {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

/** Metrics say who is busy and when: only this machine gets them where nothing else is said. */
const LOOPBACK = '127.0.0.1'
const LAST_PORT = 65_535

/**
 * `HOST:PORT`, `[IPV6]:PORT`, `:PORT` or `PORT`; the last two are this machine only.
 * @throws {VezaError} `usage` naming `label`.
 */
export function parseListenAddress(text: string, label: string): ListenAddress {
  const [, host = '', port = ''] = /^(?:(\[[0-9a-f:.]+\]|[a-z0-9_.-]*):)?(\d{1,5})$/i.exec(text.trim()) ?? []
  if (port === '' || Number(port) > LAST_PORT) {
    throw new VezaError('usage', `${label} wants HOST:PORT`, {
      hint: 'write it as 127.0.0.1:9464, [::1]:9464 or 9464; port 0 takes any free one',
    })
  }
  return {host: host.replace(/^\[|\]$/g, '') || LOOPBACK, port: Number(port)}
}
