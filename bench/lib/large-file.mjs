// A large file of random bytes, and a sandbox that takes it.
import {randomBytes} from 'node:crypto'
import {closeSync, openSync, statfsSync, writeSync} from 'node:fs'

export const MIB = 1024 * 1024
export const GIB = 1024 * MIB
/** The file and its copies are 3 at most; a disk that is nearly full is slow, and others need room, too. */
const FREE_NEEDED = 6 * GIB
const SMALL_BYTES = 256 * MIB

/** How large the file is to be, and what to say of that in the title. */
export function fileSize(folder, quick) {
  const {bavail, bsize} = statfsSync(folder)
  const isTight = bavail * bsize < FREE_NEEDED
  const bytes = quick || isTight ? SMALL_BYTES : GIB
  return {bytes, shown: `${bytes / MIB} MiB${isTight ? ' (too little disk for 1 GiB)' : ''}`}
}

export function writeRandom(path, bytes) {
  const block = randomBytes(MIB)
  const fd = openSync(path, 'wx')
  for (let written = 0; written < bytes; written += block.length) writeSync(fd, block)
  closeSync(fd)
  return path
}

/** The access token of alice. */
export async function tokenOf(sandbox) {
  const {data} = await call(`${sandbox}/api/v1/auth/login`, 'POST', {
    username: 'alice',
    password: 'alice-pass',
  })
  return data.access_token
}

/** A request written by hand; resolves to the JSON of its answer. */
export async function call(url, method, body, headers = {}) {
  const content = body === undefined ? {} : {'content-type': 'application/json'}
  const response = await fetch(url, {method, headers: {...content, ...headers}, body: JSON.stringify(body)})
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`)
  return text === '' ? {} : JSON.parse(text)
}
