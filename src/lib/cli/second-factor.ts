import type {SecondFactor} from '../api/auth.js'
import type {SecondFactorAddress} from '../output/views/second-factor.js'
import type {Context} from './context.js'

const ISSUER = 'Veza'

/** What was switched on, and what an authenticator app needs of it. */
export interface EnabledFactor extends SecondFactorAddress {
  readonly factor: SecondFactor
}

/** Switches the second factor of the session's account on. A QR code is drawn only for a terminal. */
export async function enableSecondFactor(context: Context): Promise<EnabledFactor> {
  const {username} = await context.api.users.me()
  const factor = await context.api.auth.enableSecondFactor()
  const address = factor.secret === undefined ? undefined : otpauthAddress(username, factor.secret)
  const isSeen = address !== undefined && context.out.isForPerson
  return {factor, address, qrCode: isSeen ? await drawCode(address) : undefined}
}

/** The address of a secret as authenticator apps read it: RFC 6238 with its defaults. */
export function otpauthAddress(username: string, secret: string): string {
  return `otpauth://totp/${ISSUER}:${encodeURIComponent(username)}?secret=${encodeURIComponent(secret)}&issuer=${ISSUER}`
}

async function drawCode(text: string): Promise<string> {
  const {renderUnicodeCompact} = await import('uqr')
  return renderUnicodeCompact(text, {border: 2})
}
