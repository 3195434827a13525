import type {AuditEntry} from '../../contract/resources.js'
import {roomArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {textFlag} from '../../lib/cli/flags.js'
import {limitFlag, showPage} from '../../lib/cli/show-page.js'
import {auditEntryView} from '../../lib/output/views/audit-entry.js'

/** What `rooms audit --json` prints. */
export type Output = readonly AuditEntry[]

/** `veza rooms audit`: what those who manage a room have done. */
export default class RoomsAudit extends VezaCommand<Output> {
  static override summary = 'Show what was done in a room by those who manage it'
  static override calls = ['GET /rooms/{id}/audit'] as const
  static override description =
    'Newest first, for those who manage the room. People are shown by their ids, see veza users get. ' +
    'A server gives the last 100 at most and no older ones: --action narrows them down.'
  static override args = {room: roomArg()}
  static override flags = {
    action: textFlag({summary: 'Only this action, such as member_removed', helpValue: 'ACTION'}),
    limit: limitFlag(50),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> general',
    '<%= config.bin %> <%= command.id %> general --action role_changed --json | jq -r .[].user_id',
  ]

  async run(): Promise<Output> {
    const {args, flags} = await this.parse(RoomsAudit)
    const {action, limit = 50} = flags
    const page = await this.api.rooms.audit(await this.context.roomId(args.room), {action, limit})
    const narrow = action === undefined ? '--action' : undefined
    await showPage(this.context, page, auditEntryView, {limit, noun: 'record', narrow})
    return page.items
  }
}
