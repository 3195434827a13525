import {type Actor, type App, timestamp} from '../app.js'
import type {Shape} from '../dialects.js'
import {invalidToken, SandboxError} from '../errors.js'
import {type Fields, optionalText, requiredText} from '../input.js'
import {digest, isPassword, randomSecret} from '../secrets.js'
import * as store from '../store/sessions.js'
import {findUser, findUserByName, touchUser, type UserRow} from '../store/users.js'
import {signToken, verifyToken} from '../tokens.js'
import {actorOfKey, isApiKey} from './api-keys.js'
import {checkSecondFactor} from './second-factor.js'
import {showOwnUser} from './users.js'

const REFRESH_TTL_MS = 7 * 24 * 3_600_000
const SECRET_MAX = 1_000

/** Section 2, `POST /auth/login`. */
export function login(app: App, fields: Fields, ip: string): Shape {
  const username = requiredText(fields, 'username', SECRET_MAX)
  const password = requiredText(fields, 'password', SECRET_MAX)
  app.limiter?.take('login', `name ${username}`)
  app.limiter?.take('login', `address ${ip}`)
  const user = findUserByName(app.db, username)
  if (!user || !isPassword(password, user.password_hash)) {
    throw new SandboxError(401, 'INVALID_CREDENTIALS', 'The user name or the password is wrong')
  }
  checkSecondFactor(app, user, optionalText(fields, 'totp_code', 64))
  touchUser(app.db, user.id, timestamp(app))
  return app.db.transaction(() => grant(app, user, store.insertSession(app.db, user.id)))
}

/**
 * Section 2, `POST /auth/refresh`. A refresh token is good once: whoever uses one again may have stolen it, so the
 * whole family ends.
 */
export function refresh(app: App, fields: Fields): Shape {
  const hash = digest(requiredText(fields, 'refresh_token', SECRET_MAX))
  const token = store.findRefreshToken(app.db, hash)
  if (!token || token.revoked_at !== null) throw invalidToken('The refresh token is not valid')
  if (token.used_at !== null) {
    store.revokeSession(app.db, token.session_id, timestamp(app))
    throw invalidToken('The refresh token was used before; the session is over')
  }
  const user = findUser(app.db, token.user_id)
  if (!user || token.expires_at <= timestamp(app)) throw invalidToken('The refresh token has expired')
  return app.db.transaction(() => {
    store.markRefreshTokenUsed(app.db, hash, timestamp(app))
    return grant(app, user, token.session_id)
  })
}

export function logout(app: App, actor: Actor): void {
  if (actor.sessionId !== undefined) store.revokeSession(app.db, actor.sessionId, timestamp(app))
}

/** The user behind an access token or an API key. Throws INVALID_TOKEN. */
export function authenticate(app: App, credential: string, ip: string): Actor {
  if (isApiKey(credential)) return actorOfKey(app, credential, ip)
  const claims = verifyToken(credential, app.jwtSecret, app.now())
  if (app.tokens.isOver(claims.jti)) throw invalidToken('The token has expired')
  const sessionId = claims.jti.slice(0, claims.jti.indexOf('.'))
  const user = findUser(app.db, Number(claims.sub))
  if (!user || !store.isSessionLive(app.db, sessionId)) throw invalidToken('The session is over')
  return {
    id: user.id,
    username: user.username,
    role: user.role,
    permissions: permissionsOf(user),
    sessionId,
    ip,
  }
}

function permissionsOf(user: UserRow): readonly string[] {
  return user.role === 'admin' ? ['read', 'write', 'admin'] : ['read', 'write']
}

function grant(app: App, user: UserRow, sessionId: string): Shape {
  const refreshToken = randomSecret()
  store.insertRefreshToken(app.db, digest(refreshToken), sessionId, timestamp(app, REFRESH_TTL_MS))
  const iat = Math.floor(app.now() / 1000)
  const claims = {
    sub: String(user.id),
    username: user.username,
    role: user.role,
    permissions: permissionsOf(user),
    iat,
    exp: iat + app.tokenTtlSeconds,
    jti: app.tokens.newId(sessionId),
  }
  return {
    access_token: signToken(claims, app.jwtSecret),
    refresh_token: refreshToken,
    expires_in: app.tokenTtlSeconds,
    user: showOwnUser(user),
  }
}
