import type {Message} from '../../../contract/resources.js'
import {createTranscript} from '../../output/transcript.js'
import type {View} from '../../output/views/view.js'
import type {Channel} from '../../realtime/channel.js'
import {type Followed, placeOf} from './channels.js'

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
