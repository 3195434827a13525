import type {UnknownFields} from '../../../contract/resources.js'
import {plainStyle, type Style} from '../style.js'
import type {Column, View} from './view.js'

/** A second factor that has just been switched on (section 2 of the contract). */
export interface SecondFactorRecord extends UnknownFields {
  readonly secret?: string
  /** A data URL. */
  readonly qr_code?: string
  readonly backup_codes?: readonly string[]
}

/** What is shown beside the server's answer. */
export interface SecondFactorAddress {
  /** The `otpauth:` address that an authenticator app takes; absent where the server sent a picture only. */
  readonly address: string | undefined
  /** The address as a QR code in half blocks; absent where nobody looks at it. */
  readonly qrCode?: string | undefined
}

/** White on black whatever the terminal's own colours are: a camera needs the contrast the right way round. */
const WHITE_ON_BLACK = ['\x1b[97;40m', '\x1b[0m'] as const
const QR_ROW = /[▀▄█][▀▄█ ]*[▀▄█]/g

/** What `auth 2fa enable` answers. */
export function secondFactorView({address, qrCode}: SecondFactorAddress): View<SecondFactorRecord> {
  const scan: Column<SecondFactorRecord> = {header: 'scan this', value: () => qrCode, paint: paintCode}
  return {
    columns: [
      ...(qrCode === undefined ? [] : [scan]),
      {header: 'secret', value: factor => factor.secret, paint: (text, style) => style.bold(text)},
      {
        header: 'address',
        value: factor => address ?? factor.qr_code,
      },
      {
        header: 'backup codes',
        value: (factor, context) => factor.backup_codes?.join(context.isTTY ? '\n' : ' '),
      },
    ],
  }
}

function paintCode(text: string, style: Style): string {
  if (style === plainStyle) return text
  const [on, off] = WHITE_ON_BLACK
  return text.replace(QR_ROW, row => `${on}${row}${off}`)
}
