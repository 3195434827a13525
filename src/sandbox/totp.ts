import {createHmac, randomBytes} from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const STEP_MS = 30_000

/** A new secret for a second factor: 160 bits in base 32. */
export function newTotpSecret(): string {
  return Array.from(randomBytes(32), byte => ALPHABET.charAt(byte % 32)).join('')
}

/** The code of RFC 6238 for a moment: SHA-1, 6 digits, 30 seconds. */
export function totpCode(secret: string, atMs: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / STEP_MS)))
  const hash = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (hash.at(-1) ?? 0) & 0xf
  const number = hash.readUInt32BE(offset) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

/** Whether the code is the one of now, or of a step before or after: clocks differ. */
export function isTotpCode(secret: string, code: string, nowMs: number): boolean {
  return [-STEP_MS, 0, STEP_MS].some(offset => totpCode(secret, nowMs + offset) === code)
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map(char => ALPHABET.indexOf(char).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)))
}
