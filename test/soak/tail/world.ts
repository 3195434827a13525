import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type Sandbox, startSandbox} from '../../../src/sandbox/index.js'
import {type Stored, storedIn} from './oracle.js'
import {Rest} from './rest.js'

/** Which column of section 7 the server speaks. */
export type Dialect = 'guide' | 'reference'

/** A server with rooms, and a folder for what the run keeps; both are gone at its end. */
export interface World extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly url: string
  readonly folder: string
  readonly rooms: Rooms
}

/** Rooms with every seeded user in them. */
export interface Rooms {
  readonly followed: readonly number[]
  /** Takes ids between those of the others. */
  readonly elsewhere: number
}

/** Starts a server in this process; what its faults leave to chance follows from the seed. */
export async function openWorld(dialect: Dialect, faultSeed = 0): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'veza-soak-'))
  const sandbox = await startSandbox({dialect, faultSeed, dataFile: join(folder, 'chat.db')})
  return {
    sandbox,
    url: sandbox.url,
    folder,
    rooms: await makeRooms(sandbox.url),
    [Symbol.asyncDispose]: async () => {
      await sandbox.close()
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

const USERS_BESIDE_ADMIN = [2, 3, 4]

/** `general` and a second room to follow, a third beside them. */
export async function makeRooms(url: string): Promise<Rooms> {
  const rest = new Rest(url)
  try {
    const token = await rest.signIn('admin')
    const make = async (name: string): Promise<number> => {
      const {id} = (await rest.call('POST', '/rooms', token, {name, is_public: true})) as {id: number}
      for (const user of USERS_BESIDE_ADMIN)
        await rest.call('POST', `/rooms/${id}/members`, token, {user_id: user, role: 'member'})
      return id
    }
    return {followed: [1, await make('second')], elsewhere: await make('elsewhere')}
  } finally {
    rest.close()
  }
}

/** What the server has of these rooms; it has to be well. */
export async function storedOf(url: string, rooms: readonly number[]): Promise<Stored[]> {
  const rest = new Rest(url)
  try {
    const token = await rest.signIn('alice')
    const all: Stored[] = []
    for (const room of rooms) all.push(...(await storedIn(rest, token, room)))
    return all
  } finally {
    rest.close()
  }
}

/** How often each room is drawn when a message is to go somewhere. */
export function lots({followed: [first = 1, second = 1], elsewhere}: Rooms): number[] {
  return [first, first, first, first, first, first, second, second, second, elsewhere]
}
