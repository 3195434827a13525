import {custom} from '@oclif/core/flags'
import type {InferredFlags} from '@oclif/core/interfaces'
import {VezaError} from '../../errors/veza-error.js'
import {integerFlag, reader, textFlag} from '../flags.js'
import {hookFlags} from '../hooks/flags.js'
import {logFlags} from '../log-format.js'
import {type ListenAddress, parseListenAddress} from './address.js'

/** `--secret-file`, for whoever signs or checks. */
export const secretFileFlag = textFlag({
  summary: 'Read the secret from this file, - for stdin [env: VEZA_WEBHOOK_SECRET]',
  helpValue: 'FILE',
})

/** The flags of `webhooks listen`. */
export const listenFlags = {
  listen: custom<ListenAddress>({
    summary: 'Where to listen, 127.0.0.1:0 by default: this machine only, any free port',
    helpValue: 'HOST:PORT',
    parse: reader(parseListenAddress, '--listen'),
  })(),
  path: custom<string>({
    summary: 'Serve this path only',
    helpValue: '/PATH',
    parse: reader(parsePath, '--path'),
  })(),
  'secret-file': secretFileFlag,
  count: integerFlag('count', {summary: 'End after so many deliveries'}, 1),
  ...hookFlags({one: 'delivery', many: 'deliveries'}),
  ...logFlags,
}

/** What a receiver is asked for. */
export type ListenRequest = Partial<InferredFlags<typeof listenFlags>>

const NEED_EXEC = ['max-parallel', 'hook-timeout', 'hook-retries', 'dead-letter'] as const

/** @throws {VezaError} `usage` for flags that do not go together. */
export function checkListenRequest(request: ListenRequest): void {
  const {exec} = request
  if (exec?.trim() === '') throw new VezaError('usage', '--exec is empty')
  if (request['hook-timeout'] === 0) throw new VezaError('usage', '--hook-timeout must be more than 0')
  const lonely = NEED_EXEC.find(name => exec === undefined && request[name] !== undefined)
  if (lonely !== undefined) throw new VezaError('usage', `--${lonely} is for --exec, which is missing`)
}

function parsePath(text: string, label: string): string {
  if (/^\/[^?#\s]*$/.test(text)) return text
  throw new VezaError('usage', `${label} wants a path such as /veza, without a query`)
}
