import {VezaCommand} from '../lib/cli/base-command.js'
import {rateFlags, roomFlag} from '../lib/cli/flags.js'
import {logFlags} from '../lib/cli/log-format.js'
import {runFlags, splitCommand} from '../lib/cli/run/flags.js'
import {leave} from '../lib/cli/run/leave.js'
import {planOf} from '../lib/cli/run/plan.js'
import {runCommand} from '../lib/cli/run/run.js'
import type {RunEnd} from '../lib/cli/run/status-text.js'

/** It prints nothing of its own: what comes out is the output of the command. */
export type Output = never

/** `veza run`: a command, and a message that tells how it is doing. */
export default class Run extends VezaCommand<void> {
  static override summary = 'Run a command and keep one message current about it'
  static override usage = 'run [FLAGS] -- COMMAND [ARGUMENT...]'
  static override description =
    'The command gets its arguments, stdin and signals as they are, without a shell; what it writes is passed through ' +
    'byte for byte, to pipes: it sees no terminal. veza ends as the command does, with its exit code or by its signal, ' +
    '127 where it is not found and 126 where it may not be executed. What goes wrong with the message is a warning ' +
    'and changes nothing of that.\n\n' +
    'The message says for how long the command is running, shows its last lines of output and, at the end, how it ' +
    'ended; after a failure the output is attached as a file. Secrets are shown as *** in message, command line and ' +
    'file: values of variables with names like TOKEN, SECRET, PASSWORD, KEY or AUTH, tokens of known shapes, private ' +
    'keys, and what --mask matches. The output itself is not changed.'
  static override flags = {...rateFlags, room: roomFlag, ...runFlags, ...logFlags}
  static override examples = [
    '<%= config.bin %> <%= command.id %> --room builds -- make test',
    '<%= config.bin %> <%= command.id %> --room ops --title "Nightly backup" --attach-log always -- ./backup.sh --full',
    `<%= config.bin %> <%= command.id %> --mask 'customer-\\d+' --lines 10 --every 30s -- sh -c 'import | sort'`,
  ]

  #end: RunEnd | undefined
  #told: () => void = () => undefined
  readonly #isTold = new Promise<void>(resolve => {
    this.#told = resolve
  })

  async run(): Promise<void> {
    const {own, command} = splitCommand(this.argv)
    // Our notices would stand in the output of the command.
    const {flags} = await this.parse(Run, ['--quiet', ...own])
    const {context, io} = this
    const plan = planOf(command, flags, context)
    this.standAside()
    this.#end = await runCommand(plan, {context, io, signals: process})
    this.#told()
  }

  override async execute(): Promise<number> {
    return leave(super.execute(), {isTold: this.#isTold, end: () => this.#end, signals: process})
  }
}
