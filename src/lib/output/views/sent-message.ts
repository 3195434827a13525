import type {Message} from '../../../contract/resources.js'
import type {View} from './view.js'

/** A message that was sent, and what became of it; of one that was sent before perhaps no more than its id is known. */
export interface SentMessage extends Partial<Message> {
  readonly outcome: 'created' | 'duplicate' | 'updated' | 'unknown'
  readonly client_id: string
}

/** What became of a message. */
export const sentMessageView: View<SentMessage> = {
  columns: [
    {header: 'id', value: ({id}) => id},
    {header: 'outcome', value: ({outcome}) => outcome},
  ],
}
