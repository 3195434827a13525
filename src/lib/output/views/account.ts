import {moment} from './moment.js'
import type {Column, View} from './view.js'

/** A signed-in account. */
export interface AccountRecord {
  readonly server: string
  readonly username: string
  readonly role?: string | undefined
  /** Where the session is kept. */
  readonly storage: string
}

/** An account that has just signed in. */
export interface SignedInRecord extends AccountRecord {
  readonly user_id?: number | undefined
  /** Tokens that are renewed, or a key that is not. Absent: tokens. */
  readonly kind?: 'session' | 'api-key' | undefined
  /** The store of `storage`. */
  readonly store: 'keychain' | 'encrypted-file' | 'file'
  readonly signed_in_at: string
}

/** The session in use. */
export interface SessionRecord extends AccountRecord {
  readonly user_id?: number | undefined
  /** When the access token ends; it is renewed by itself. Absent where that is not known. */
  readonly expires_at?: string | undefined
}

const fields: readonly Column<AccountRecord>[] = [
  {header: 'server', value: account => account.server},
  {header: 'user', value: account => account.username},
  {header: 'role', value: account => account.role},
  {header: 'session kept in', value: account => account.storage},
]

/** What `auth login` answers. */
export const accountView: View<AccountRecord> = {columns: fields}

/** What `auth status` answers. */
export const sessionView: View<SessionRecord> = {
  columns: [
    ...fields,
    {header: 'token ends', value: (session, context) => moment(session.expires_at, context)},
  ],
}
