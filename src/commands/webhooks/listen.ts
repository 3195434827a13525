import {VezaCommand} from '../../lib/cli/base-command.js'
import {outputFlags} from '../../lib/cli/flags.js'
import {listenFlags} from '../../lib/cli/webhooks/listen-flags.js'
import {Listening} from '../../lib/cli/webhooks/listening.js'
import type {WebhookRecord} from '../../lib/output/views/webhook-delivery.js'

/** A record of `webhooks listen --json`. */
export type Records = WebhookRecord

/** `veza webhooks listen`: a receiver of webhooks. */
export default class WebhooksListen extends VezaCommand<void> {
  static override summary = 'Receive the deliveries of webhooks, and print them or run a command for each'
  static override description =
    'Listens for HTTP on this machine and checks the X-Webhook-Signature of each request: what is not signed with the ' +
    'secret gets 401 and is not printed. The secret comes from --secret-file or VEZA_WEBHOOK_SECRET; a person at a ' +
    'terminal is asked. A body has at most 1 MiB, a request 10 seconds.\n\n' +
    'Answers 200 once the delivery is printed, or its command has begun; 503 while 100 others wait. A signature ' +
    'says who sent it, not that it is new: whoever sees a delivery can repeat it, so put HTTPS in front of a receiver that ' +
    'others reach.\n\n' +
    'A command of --exec gets VEZA_WEBHOOK_EVENT, _RECEIVED_AT and _ROOM_ID, and the record on stdin; never the secret. ' +
    'One that fails is tried again; if it keeps failing the receiver ends, unless there is a --dead-letter file.'
  static override baseFlags = outputFlags
  static override flags = listenFlags
  static override examples = [
    '<%= config.bin %> <%= command.id %> --secret-file secret --listen 127.0.0.1:9000 --json',
    '<%= config.bin %> <%= command.id %> --path /veza --exec ./on-event.sh --dead-letter dead.ndjson',
    '<%= config.bin %> <%= command.id %> --count 1 --timeout 1m --json | jq .event',
  ]

  #listening: Listening | undefined

  async run(): Promise<void> {
    const {flags} = await this.parse(WebhooksListen)
    const listening = new Listening({context: this.context, io: this.io, request: flags})
    this.#listening = listening
    this.cleanup(() => listening.close())
    await listening.run()
  }

  protected override farewell(reason: string): string | undefined {
    return this.#listening?.farewell(reason)
  }
}
