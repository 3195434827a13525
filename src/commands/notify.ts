import {optionalTextArg} from '../lib/cli/args.js'
import {switchesByWord, VezaCommand} from '../lib/cli/base-command.js'
import {bodyFlags, rateFlags, roomFlag} from '../lib/cli/flags.js'
import {notifyFlags} from '../lib/cli/notify/flags.js'
import {checkWishes, prepare, previewOf, sendDraft} from '../lib/cli/notify/notify.js'
import {openTemplate} from '../lib/cli/notify/template.js'
import {showReceipt} from '../lib/cli/send/show-receipt.js'
import {EXIT} from '../lib/errors/catalogue.js'
import type {VezaError} from '../lib/errors/veza-error.js'
import {receiptView, type SentMessage} from '../lib/output/views/sent-message.js'

/** What `--json` prints: what became of the message, or its text with `--preview`. */
export type Output = SentMessage | string

/** `veza notify`: tells a room how a CI run stands. */
export default class Notify extends VezaCommand<void> {
  static override summary = 'Tell a room how a CI run stands'
  static override description =
    'Reads what the CI system says of its run: repository, branch, commit, job, address, status. A template makes the ' +
    'message of it, the built-in one or a file in mustache with the fields that docs/ci.md lists; what has no value is ' +
    'left out. Never asks and never reads stdin but with --file -.\n\n' +
    'With --soft-fail the command ends with 0 and a warning, whatever happens: no network, no session, no such room, a ' +
    'mistake in a flag, the settings or the template. Only a signal ends it with its own code, and --preview, which ' +
    'shows such mistakes, is as strict as ever.'
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

  /** Whether a failure is only worth a warning. Until the flags are parsed the raw words tell. */
  #isSoft = isSoft(switchesByWord(this.argv, ['soft-fail', 'preview']))

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Notify)
    this.#isSoft = isSoft(flags)
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
    if (!flags.preview) this.out.check(receiptView)
    const {context} = this
    const template = await openTemplate(flags.template, context.signal)
    const draft = await prepare(wishes, template, {context, stdin: this.io.stdin})
    if (flags.preview) return this.out.value(previewOf(draft))
    const roomId = await context.chosenRoom(undefined, flags.room)
    await showReceipt(await sendDraft(draft, wishes, {context, roomId}), this.out)
  }

  protected override failed(error: VezaError): number {
    const isOrdered = error.code === 'interrupted' || error.code === 'terminated'
    if (!this.#isSoft || isOrdered) return super.failed(error)
    this.out.warn(error.mayHaveActed ? error.message : `not sent: ${error.message}`)
    return EXIT.done
  }
}

/** A preview sends nothing that could fail: it is there to show mistakes. */
function isSoft(flags: {readonly 'soft-fail'?: boolean; readonly preview?: boolean}): boolean {
  return flags['soft-fail'] === true && flags.preview !== true
}
