import {createHash, randomBytes, scryptSync, timingSafeEqual} from 'node:crypto'

// Small on purpose: the seeded passwords are public, and a sandbox starts in tests by the hundred.
const SCRYPT = {N: 1024, r: 8, p: 1}
const HASH_BYTES = 32

/** A random secret of 256 bits, safe in a URL and a header. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** A digest for secrets that are random themselves: refresh tokens, API keys, backup codes. */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

export function hashPassword(password: string): string {
  const salt = randomBytes(16)
  return `${salt.toString('hex')}:${scryptSync(password, salt, HASH_BYTES, SCRYPT).toString('hex')}`
}

export function isPassword(password: string, stored: string): boolean {
  const [salt = '', hash = ''] = stored.split(':')
  const actual = scryptSync(password, Buffer.from(salt, 'hex'), HASH_BYTES, SCRYPT)
  return timingSafeEqual(actual, Buffer.from(hash, 'hex'))
}
