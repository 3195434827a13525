import {hashPassword, randomSecret} from '../secrets.js'
import type {Database} from './database.js'
import {insertMember} from './members.js'
import {insertRoom} from './rooms.js'
import {createSchema} from './schema.js'
import {insertUser} from './users.js'

const USERS = ['admin', 'alice', 'bob', 'bot']

/** Makes the tables and, in a new database, the secret, the four users and the room `general`. Returns the secret. */
export function prepareDatabase(db: Database, at: string): string {
  createSchema(db)
  const known = db.get<{value: string}>("SELECT value FROM meta WHERE key = 'jwt_secret'")
  return known?.value ?? db.transaction(() => seed(db, at))
}

function seed(db: Database, at: string): string {
  const secret = randomSecret()
  db.run("INSERT INTO meta (key, value) VALUES ('jwt_secret', ?)", secret)
  const ids = USERS.map(username =>
    insertUser(db, {
      username,
      email: `${username}@example.com`,
      role: username === 'admin' ? 'admin' : 'user',
      passwordHash: hashPassword(`${username}-pass`),
      at,
    }),
  )
  const [adminId = 1] = ids
  const general = {name: 'general', description: 'Everybody', isPublic: true, maxMembers: null}
  const roomId = insertRoom(db, {...general, ownerId: adminId, at})
  for (const id of ids) insertMember(db, roomId, id, id === adminId ? 'owner' : 'member', at)
  return secret
}
