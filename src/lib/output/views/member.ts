import type {Member} from '../../../contract/resources.js'
import {moment} from './moment.js'
import type {View} from './view.js'

/** A member of a room (section 4 of the contract). */
export const memberView: View<Member> = {
  columns: [
    {header: 'id', value: member => member.id},
    {header: 'username', value: member => member.username, paint: (text, style) => style.bold(text)},
    {
      header: 'role',
      value: member => member.role,
      paint: (text, style, {role}) => (role === 'owner' || role === 'moderator' ? style.yellow(text) : text),
    },
    {header: 'joined', value: (member, context) => moment(member.joined_at, context)},
    {
      header: 'online',
      value: ({is_online}) => (is_online === undefined ? undefined : is_online ? 'yes' : 'no'),
    },
    {header: 'last seen', value: (member, context) => moment(member.last_seen, context)},
  ],
}
