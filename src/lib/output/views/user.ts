import type {User} from '../../../contract/resources.js'
import type {View} from './view.js'

/** A user (sections 2 and 4 of the contract). */
export const userView: View<User> = {
  columns: [
    {header: 'id', value: user => user.id},
    {header: 'username', value: user => user.username, paint: (text, style) => style.bold(text)},
    {header: 'role', value: user => user.role},
    {header: 'email', value: user => user.email},
  ],
  jsonFields: ['id', 'username', 'role', 'email', 'status_message', 'created_at'],
}
