import {randomBytes} from 'node:crypto'

import type {Actor, App} from '../app.js'
import type {Shape} from '../dialects.js'
import {conflict, SandboxError} from '../errors.js'
import {type Fields, optionalFlag} from '../input.js'
import {digest} from '../secrets.js'
import {insertBackupCodes, setTotpSecret, useBackupCode} from '../store/second-factor.js'
import type {UserRow} from '../store/users.js'
import {isTotpCode, newTotpSecret} from '../totp.js'
import {existingUser} from './users.js'

const BACKUP_CODES = 8

/** Section 2, `POST /auth/2fa/enable`: from now on a sign-in needs `totp_code`. */
export function enableSecondFactor(app: App, actor: Actor, fields: Fields): Shape {
  if (existingUser(app, actor.id).totp_secret !== null) throw conflict('The second factor is on already')
  const secret = newTotpSecret()
  const wanted = optionalFlag(fields, 'backup_codes') ?? false
  const codes = wanted ? Array.from({length: BACKUP_CODES}, () => randomBytes(5).toString('hex')) : []
  app.db.transaction(() => {
    setTotpSecret(app.db, actor.id, secret)
    insertBackupCodes(app.db, actor.id, codes.map(digest))
  })
  return {
    secret,
    qr_code: pictureOf(`otpauth://totp/Veza:${actor.username}?secret=${secret}&issuer=Veza`),
    backup_codes: codes,
  }
}

/** Throws TOTP_REQUIRED or INVALID_TOTP when the account has a second factor and the code is missing or wrong. */
export function checkSecondFactor(app: App, user: UserRow, code: string | undefined): void {
  if (user.totp_secret === null) return
  if (code === undefined || code === '') {
    throw new SandboxError(401, 'TOTP_REQUIRED', 'This account needs a code of its second factor')
  }
  if (isTotpCode(user.totp_secret, code, app.now()) || useBackupCode(app.db, user.id, digest(code))) return
  throw new SandboxError(401, 'INVALID_TOTP', 'The code of the second factor is wrong')
}

// A picture that says the address in words: a sandbox has no use for a camera.
function pictureOf(address: string): string {
  const text = address.replaceAll('&', '&amp;')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="40"><text y="25">${text}</text></svg>`
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}
