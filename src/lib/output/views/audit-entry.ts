import type {AuditEntry} from '../../../contract/resources.js'
import {moment} from './moment.js'
import type {View} from './view.js'

/** An entry of a room's audit log (section 4 of the contract): `by` did it, `user` is whom it was done to. */
export const auditEntryView: View<AuditEntry> = {
  columns: [
    {header: 'id', value: entry => entry.id},
    {
      header: 'time',
      value: (entry, context) => moment(entry.created_at, context),
      paint: (text, style) => style.dim(text),
    },
    {header: 'action', value: entry => entry.action, paint: (text, style) => style.bold(text)},
    {header: 'by', value: entry => entry.moderator_id},
    {header: 'user', value: entry => entry.user_id},
    {header: 'address', value: entry => entry.ip_address},
    {header: 'details', value: entry => detailsText(entry.details)},
  ],
}

function detailsText(details: unknown): string | undefined {
  if (details === undefined || details === null || typeof details === 'string') return details ?? undefined
  return JSON.stringify(details)
}
