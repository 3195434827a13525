import type {Presence} from '../../../contract/resources.js'
import {sanitizeLine} from '../sanitize.js'
import {clockTime} from '../time.js'
import type {View} from './view.js'

/** A `user_presence` event (section 5 of the contract), and when it came. */
export interface PresenceRecord extends Presence {
  /** RFC 3339, by this machine's clock. */
  readonly at: string
}

/**
 * A change of presence in a stream: `HH:MM:SS alice is busy: in a meeting` at a terminal; time, user, status and words in a
 * pipe, separated by tabs.
 */
export const presenceView: View<PresenceRecord> = {
  columns: [
    {header: 'time', value: presence => presence.at},
    {header: 'user', value: userOf},
    {header: 'status', value: presence => presence.status},
    {header: 'message', value: presence => presence.message},
  ],
  jsonFields: ['user_id', 'username', 'status', 'message', 'last_seen', 'current_room', 'at'],
  line: (presence, {isTTY, style}) => {
    const [user, status, message] = [userOf(presence), presence.status ?? '', presence.message ?? ''].map(
      text => sanitizeLine(text),
    )
    if (!isTTY) return [sanitizeLine(presence.at), user, status, message].join('\t')
    const words = message === '' ? '' : `: ${message}`
    return `${style.dim(clockTime(presence.at))} ${style.author(user ?? '', userOf(presence))} is ${status}${words}`
  },
}

function userOf({username, user_id}: Presence): string {
  return username ?? (user_id === undefined ? 'somebody' : `user ${user_id}`)
}
