import {VezaCommand} from '../../lib/cli/base-command.js'
import {integerFlag} from '../../lib/cli/flags.js'
import {textListFlag} from '../../lib/cli/list-flags.js'
import {logFlags} from '../../lib/cli/log-format.js'
import {PresenceWatch} from '../../lib/cli/presence/watch.js'
import type {PresenceRecord} from '../../lib/output/views/presence.js'

/** A record of `presence watch --json`. */
export type Records = PresenceRecord

/** `veza presence watch`: who comes and goes. */
export default class PresenceWatchCommand extends VezaCommand<void> {
  static override summary = 'Watch who comes, goes and changes status'
  static override description =
    'Prints each change as the server tells it, of everybody with whom a room is shared, until ended. What changes while ' +
    'the connection is down is lost: the server keeps no history of it. Who is invisible looks as if gone.'
  static override flags = {
    user: textListFlag({
      summary: 'Only of these users: names or ids, by commas, me for oneself',
      helpValue: 'USER',
    }),
    count: integerFlag('count', {summary: 'End after so many changes'}, 1),
    'max-reconnects': integerFlag(
      'max-reconnects',
      {summary: 'Give up after so many failed attempts in a row; without end by default'},
      0,
    ),
    ...logFlags,
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --user bob --count 1 --timeout 10m --json | jq -r .status',
  ]

  #watch: PresenceWatch | undefined

  async run(): Promise<void> {
    const {flags} = await this.parse(PresenceWatchCommand)
    const watch = new PresenceWatch({context: this.context, io: this.io, request: flags})
    this.#watch = watch
    this.cleanup(() => watch.close())
    await watch.run()
  }

  protected override farewell(reason: string): string | undefined {
    return this.#watch?.farewell(reason)
  }
}
