import type {UnknownFields} from '../../../contract/resources.js'
import {moment} from './moment.js'
import type {View} from './view.js'

/** An API key that has just been made (section 2 of the contract). */
export interface ApiKeyRecord extends UnknownFields {
  readonly key: string
  readonly name?: string
  readonly permissions?: readonly string[]
  readonly ip_whitelist?: readonly string[]
  readonly expires_at?: string | null
}

/** What `auth keys create` answers. Where a list is empty or absent, the server sets no limit that it tells of. */
export const apiKeyView: View<ApiKeyRecord> = {
  columns: [
    {header: 'name', value: made => made.name},
    {header: 'key', value: made => made.key, paint: (text, style) => style.bold(text)},
    {header: 'permissions', value: made => made.permissions?.join(', ')},
    {header: 'addresses', value: made => made.ip_whitelist?.join(', ')},
    {header: 'ends', value: (made, context) => moment(made.expires_at, context)},
  ],
}
