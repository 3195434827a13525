import type {ExportResult} from '../../export/export-place.js'
import type {ExportPlace} from '../../export/types.js'
import type {ExportRecord} from '../../output/views/export-record.js'

/** What an export has done, as a command prints it. */
export function exportRecord(
  {kind, id, name}: ExportPlace,
  folder: string,
  {added, total, root, resumed, membersComplete}: ExportResult,
): ExportRecord {
  return {
    ...(kind === 'room' ? {room_id: id} : {conversation_id: id}),
    name,
    folder,
    ...total,
    new_messages: added.messages,
    new_revisions: added.revisions,
    new_deletions: added.deletions,
    new_files: added.files,
    ...(membersComplete === undefined ? {} : {members_complete: membersComplete}),
    resumed,
    root,
  }
}
