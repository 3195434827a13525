import type {Message} from '../../../contract/resources.js'
import {sanitizeLine} from '../../output/sanitize.js'
import {compileTemplate} from '../../output/template.js'
import {createTranscript} from '../../output/transcript.js'
import {messageView} from '../../output/views/message.js'
import type {View} from '../../output/views/view.js'
import type {Channel} from '../../realtime/channel.js'
import {type Followed, placeOf} from './channels.js'

/** What `--format` may use: section 4 of the contract, where the message is, and whether it came late. */
const FIELDS = [
  ...[
    'id',
    'uuid',
    'author_id',
    'username',
    'content',
    'parent_id',
    'thread_count',
    'is_pinned',
    'is_edited',
  ],
  ...['edit_count', 'mentions', 'reactions', 'metadata.*', 'created_at', 'updated_at'],
  ...['room_id', 'room_name', 'conversation_id', 'late'],
]

/** The view of `--format`: one line a message. @throws {VezaError} `usage` for a template that is none. */
export async function templateView(format: string): Promise<View<Message>> {
  // Only a mistyped name wants it, and it brings a library along.
  const {nearest} = await import('../nearest.js')
  const template = await compileTemplate(format, {
    fields: FIELDS,
    source: '--format',
    clean: sanitizeLine,
    escapes: true,
    suggest: nearest,
  })
  return {columns: messageView.columns, line: template}
}

/** How a person, or a pipe without `--json`, gets messages. */
export function transcriptView(
  followed: Followed,
  options: {readonly isTTY: boolean; readonly highlight: readonly RegExp[]; readonly me: string | undefined},
): Promise<View<Message>> {
  return createTranscript({
    ...options,
    withChannel: !followed.isOne,
    channelName: message =>
      message.room_name === undefined ? placeOf(channelOf(message), followed) : `#${message.room_name}`,
  })
}

/** A feed fills in where a message is. */
function channelOf({conversation_id, room_id = 0}: Message): Channel {
  return conversation_id === undefined ? {kind: 'room', id: room_id} : {kind: 'dm', id: conversation_id}
}
