import type {Message, UnknownFields} from '../../../contract/resources.js'
import {messageView} from './message.js'
import type {View} from './view.js'

/** A message that was sent, and what became of it; of one that was sent before perhaps no more than its id is known. */
export interface SentMessage extends Partial<Message>, UnknownFields {
  readonly outcome: 'created' | 'duplicate' | 'updated' | 'unknown'
  readonly client_id: string
}

const jsonFields = [...(messageView.jsonFields ?? []), 'outcome', 'client_id']

/** A message that was sent, as the server has it. */
export const receiptView: View<SentMessage & Message> = {...messageView, jsonFields}

/** What became of a message. */
export const sentMessageView: View<SentMessage> = {
  jsonFields,
  columns: [
    {header: 'id', value: ({id}) => id},
    {header: 'outcome', value: ({outcome}) => outcome},
  ],
}
