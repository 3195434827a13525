import type {Database} from './database.js'

export function setTotpSecret(db: Database, userId: number, secret: string): void {
  db.run('UPDATE users SET totp_secret = ? WHERE id = ?', secret, userId)
}

export function insertBackupCodes(db: Database, userId: number, hashes: readonly string[]): void {
  for (const hash of hashes) db.run('INSERT INTO backup_codes (user_id, hash) VALUES (?, ?)', userId, hash)
}

/** Takes a backup code away; false when there is no such code. */
export function useBackupCode(db: Database, userId: number, hash: string): boolean {
  return db.run('DELETE FROM backup_codes WHERE user_id = ? AND hash = ?', userId, hash) > 0
}
