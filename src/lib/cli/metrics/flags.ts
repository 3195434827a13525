import {custom} from '@oclif/core/flags'
import {type ListenAddress, parseListenAddress} from '../../metrics/listen-address.js'
import {reader, textFlag} from '../flags.js'

const MONITORING = {helpGroup: 'MONITORING'}

/** `--metrics-listen` and `--metrics-file`, for commands that run for long. */
export const metricsFlags = {
  'metrics-listen': custom<ListenAddress>({
    ...MONITORING,
    summary:
      'Serve /metrics for Prometheus, /healthz and /readyz here; without a host on this machine only [env: VEZA_METRICS_LISTEN]',
    helpValue: 'HOST:PORT',
    parse: reader(parseListenAddress, '--metrics-listen'),
  })(),
  'metrics-file': textFlag({
    ...MONITORING,
    summary: 'Write metrics to this file each 15 s, for the textfile collector [env: VEZA_METRICS_FILE]',
    helpValue: 'FILE',
  }),
}
