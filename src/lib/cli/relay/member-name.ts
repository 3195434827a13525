import {randomBytes} from 'node:crypto'
import {hostname} from 'node:os'

/** A name for this process that no other member has, and that says where it runs: letters, digits, `.`, `-`, `_`. */
export function memberName(): string {
  const host = hostname().replace(/[^\w.-]+/g, '-') || 'host'
  return `${host}-${process.pid}-${randomBytes(3).toString('hex')}`
}
