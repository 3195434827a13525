import {switchFlag} from '../flags.js'

/** `--queue` and `--queue-on-failure`. */
export const queueFlags = {
  queue: switchFlag({summary: 'Put it into the outbox, without the network; veza outbox flush sends it'}),
  'queue-on-failure': switchFlag({
    summary: 'Put it into the outbox where it cannot be sent now, and end with 0',
  }),
}

/** What was given of them. */
export interface QueueChoice {
  readonly queue?: boolean | undefined
  readonly 'queue-on-failure'?: boolean | undefined
}
