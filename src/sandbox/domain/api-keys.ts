import {checkAddresses, isListed} from '../address-list.js'
import {type Actor, type App, timestamp} from '../app.js'
import type {Shape} from '../dialects.js'
import {denied, invalid, invalidToken} from '../errors.js'
import {type Fields, optionalText, requiredText, textList} from '../input.js'
import {digest, randomSecret} from '../secrets.js'
import {findApiKey, insertApiKey} from '../store/api-keys.js'
import {findUser} from '../store/users.js'

const PREFIX = 'veza_ak_'

export const isApiKey = (credential: string): boolean => credential.startsWith(PREFIX)

/** Section 2, `POST /auth/api-keys`. The answer is the only time the key itself is seen. */
export function createApiKey(app: App, actor: Actor, fields: Fields): Shape {
  const key = PREFIX + randomSecret()
  const name = requiredText(fields, 'name', 100)
  const permissions = textList(fields, 'permissions')
  const addresses = textList(fields, 'ip_whitelist')
  checkAddresses(addresses, 'ip_whitelist')
  const expiresAt = expiry(fields)
  const at = timestamp(app)
  const id = insertApiKey(app.db, {
    user_id: actor.id,
    hash: digest(key),
    name,
    permissions: JSON.stringify(permissions),
    ip_whitelist: JSON.stringify(addresses),
    expires_at: expiresAt,
    created_at: at,
  })
  return {
    id,
    name,
    key,
    api_key: key,
    permissions,
    ip_whitelist: addresses,
    expires_at: expiresAt,
    created_at: at,
  }
}

function expiry(fields: Fields): string | null {
  const text = optionalText(fields, 'expires_at', 64)
  if (text === undefined) return null
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw invalid('expires_at', 'must be a time')
  return new Date(time).toISOString()
}

/** The user behind an API key. Throws INVALID_TOKEN, or PERMISSION_DENIED for an address that is not on its list. */
export function actorOfKey(app: App, key: string, ip: string): Actor {
  const row = findApiKey(app.db, digest(key))
  const user = row && findUser(app.db, row.user_id)
  if (!user) throw invalidToken('The API key is not valid')
  if (row.expires_at !== null && row.expires_at <= timestamp(app))
    throw invalidToken('The API key has expired')
  const addresses: string[] = JSON.parse(row.ip_whitelist)
  if (addresses.length > 0 && !isListed(addresses, ip)) throw denied('The API key is not for this address')
  const permissions: string[] = JSON.parse(row.permissions)
  const role = permissions.length === 0 || permissions.includes('admin') ? user.role : 'user'
  return {id: user.id, username: user.username, role, permissions, ip}
}

/**
 * Whether a key may read or write. The contract names no permissions: `read`, `read:messages` and `messages:read`
 * all count as reading, an empty list and `*` as all.
 */
export function mayUse(actor: Actor, use: 'read' | 'write'): boolean {
  if (actor.permissions.length === 0 || actor.permissions.includes('*')) return true
  return actor.permissions.some(permission => permission.split(':').includes(use) || permission === 'admin')
}
