import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {TokenSet} from '../../../src/lib/auth/token-set.js'
import type {KeychainHost} from '../../support/keychain.js'
import type {Home} from '../../support/veza.js'

/** The tokens of alice where her commands find them, read and changed by a test. */
export interface StoredSession {
  /** Throws where what is there is torn. */
  read(): Promise<TokenSet>
  write(tokens: TokenSet): Promise<void>
}

/** The folder of the session files of a home. */
export function credentialsFolder(home: Home): string {
  return join(home.folder, '.local', 'state', 'veza', 'credentials')
}

/** The file with the session of the only account of a home. */
export function sessionFile(home: Home): string {
  const [name = '', ...more] = readdirSync(credentialsFolder(home)).filter(file => file.endsWith('.json'))
  if (name === '' || more.length > 0) throw new Error(`not one session: ${[name, ...more].join()}`)
  return join(credentialsFolder(home), name)
}

/** In a plain file. */
export function sessionInFile(home: Home): StoredSession {
  const content = (): {secret: string} => JSON.parse(readFileSync(sessionFile(home), 'utf8'))
  return {
    read: async () => JSON.parse(content().secret),
    write: async tokens =>
      writeFileSync(sessionFile(home), JSON.stringify({...content(), secret: JSON.stringify(tokens)})),
  }
}

/** In the keychain behind a session bus. */
export function sessionInKeychain(host: KeychainHost, bus: string, account: string): StoredSession {
  return {
    read: async () => {
      const {results} = await host.withBusAddress(bus, {op: 'read', account})
      return JSON.parse(results[0]?.value ?? '')
    },
    write: async tokens => {
      const secret = JSON.stringify(tokens)
      const {results} = await host.withBusAddress(bus, {op: 'write', account, secret})
      if (results[0]?.code !== undefined) throw new Error(results[0].message)
    },
  }
}

/** Makes the stored access token one that the client itself knows to be over. */
export async function expireByClock(session: StoredSession): Promise<void> {
  await session.write({...(await session.read()), expiresAtMs: Date.now() - 1000})
}

/** Makes it one that seems good, and that the server refuses. */
export async function expireAtServer(session: StoredSession, name: string): Promise<void> {
  await session.write({...(await session.read()), accessToken: `over-${name}`, expiresAtMs: undefined})
}
