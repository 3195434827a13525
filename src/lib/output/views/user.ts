import type {User} from '../../../contract/resources.js'
import type {Column, View} from './view.js'

const columns: readonly Column<User>[] = [
  {header: 'id', value: user => user.id},
  {header: 'username', value: user => user.username, paint: (text, style) => style.bold(text)},
  {header: 'role', value: user => user.role},
  {header: 'email', value: user => user.email},
]

/** A user (sections 2 and 4 of the contract): its columns, and its details with what the user says of himself. */
export const userView: View<User> = {
  columns,
  fields: [...columns, {header: 'status', value: user => user.status_message}],
  jsonFields: ['id', 'username', 'role', 'email', 'status_message', 'created_at'],
}
