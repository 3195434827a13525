import {optionalTextArg} from '../lib/cli/args.js'
import {VezaCommand} from '../lib/cli/base-command.js'
import {bodyFlags, rateFlags, roomFlag} from '../lib/cli/flags.js'
import {notifyFlags} from '../lib/cli/notify/flags.js'
import {checkWishes, prepare, previewOf, sendDraft} from '../lib/cli/notify/notify.js'
import {openTemplate} from '../lib/cli/notify/template.js'
import {showReceipt} from '../lib/cli/send/show-receipt.js'
import {EXIT} from '../lib/errors/catalogue.js'
import type {VezaError} from '../lib/errors/veza-error.js'

/** `veza notify`: tells a room how a CI run stands. */
export default class Notify extends VezaCommand<void> {
  static override summary = 'Tell a room how a CI run stands'
  static override description =
    'Reads what the CI system says of its run: repository, branch, commit, job, address, status. A template makes the ' +
    'message of it, the built-in one or a file in mustache with the fields that docs/ci.md lists; what has no value is ' +
    'left out. Never asks and never reads stdin but with --file -.\n\n' +
    'With --soft-fail a message that cannot be sent is a warning and the command ends with 0, whatever the reason: no ' +
    'network, no session, no such room, a missing file. Mistakes in the flags, the settings and the template end with 2 ' +
    'all the same, as the first run shows them.'
  static override args = {
    message: optionalTextArg({description: 'The message, below what is known of the run'}),
  }
  static override flags = {...bodyFlags, ...rateFlags, room: roomFlag, ...notifyFlags}
  static override examples = [
    '<%= config.bin %> <%= command.id %> --room builds --status "$CI_JOB_STATUS" --soft-fail',
    '<%= config.bin %> <%= command.id %> "Tests failed" --status failure --attach junit.xml --upsert',
    '<%= config.bin %> <%= command.id %> --title "Deploy 1.4.2" --field env=prod --thread-key deploy-1.4.2',
    '<%= config.bin %> <%= command.id %> --template ci/message.mustache --preview',
  ]

  /** Whether a failure from now on is only worth a warning. */
  #isSoft = false

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Notify)
    const wishes = {
      text: args.message,
      message: flags.message,
      file: flags.file,
      status: flags.status,
      title: flags.title,
      fields: flags.field ?? [],
      attach: flags.attach ?? [],
      threadKey: flags['thread-key'],
      upsert: flags.upsert === true,
      once: flags.once === true,
    }
    checkWishes(wishes)
    const template = await openTemplate(flags.template)
    this.#isSoft = flags['soft-fail'] === true && flags.preview !== true
    const {context} = this
    const draft = await prepare(wishes, template, {context, stdin: this.io.stdin})
    if (flags.preview) return this.out.value(previewOf(draft))
    const roomId = await context.chosenRoom(undefined, flags.room)
    await showReceipt(await sendDraft(draft, wishes, {context, roomId}), this.out)
  }

  protected override failed(error: VezaError): number {
    const isOrdered = error.code === 'interrupted' || error.code === 'terminated'
    if (!this.#isSoft || isOrdered) return super.failed(error)
    this.out.warn(`not sent: ${error.message}`)
    return EXIT.done
  }
}
