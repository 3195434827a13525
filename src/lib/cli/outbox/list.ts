import {type OutboxRecord, outboxEntryView} from '../../output/views/outbox-entry.js'
import type {Context} from '../context.js'
import {withOutbox} from './open.js'
import {outboxRecord} from './records.js'

/** Shows what waits for the server in use, of all accounts, and says on stderr what waits for others. Asks no server. */
export async function listOutbox(context: Context): Promise<readonly OutboxRecord[]> {
  const {out, settings} = context
  let records: readonly OutboxRecord[] = []
  let elsewhere = 0
  await withOutbox(context, async outbox => {
    records = outbox.list().map(entry => outboxRecord(entry, settings.server))
    elsewhere = outbox.countElsewhere()
  })
  await out.list(records, outboxEntryView, {empty: `nothing waits for ${settings.server}`})
  if (elsewhere > 0) out.notice(`${elsewhere} more for other servers: see them with --server or --profile`)
  return records
}
