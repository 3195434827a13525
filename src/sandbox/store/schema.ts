import type {Database} from './database.js'

// Room messages and direct messages share one table, so that a message id means one message wherever it is used.
const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS users (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, username TEXT NOT NULL UNIQUE, email TEXT NOT NULL,
  role TEXT NOT NULL, password_hash TEXT NOT NULL, status_message TEXT, totp_secret TEXT,
  last_seen TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS backup_codes (
  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, hash TEXT NOT NULL, PRIMARY KEY (user_id, hash));
CREATE TABLE IF NOT EXISTS sessions (
  id TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, revoked_at TEXT);
CREATE TABLE IF NOT EXISTS refresh_tokens (
  hash TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  expires_at TEXT NOT NULL, used_at TEXT);
CREATE TABLE IF NOT EXISTS api_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, permissions TEXT NOT NULL, ip_whitelist TEXT NOT NULL,
  expires_at TEXT, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS rooms (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL,
  is_public INTEGER NOT NULL, owner_id INTEGER NOT NULL REFERENCES users, max_members INTEGER,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS members (
  room_id INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE, user_id INTEGER NOT NULL REFERENCES users,
  role TEXT NOT NULL, joined_at TEXT NOT NULL, last_read_id INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (room_id, user_id));
CREATE INDEX IF NOT EXISTS members_by_user ON members (user_id);
CREATE TABLE IF NOT EXISTS conversations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, user1_id INTEGER NOT NULL REFERENCES users,
  user2_id INTEGER NOT NULL REFERENCES users, user1_read_id INTEGER NOT NULL DEFAULT 0,
  user2_read_id INTEGER NOT NULL DEFAULT 0, user1_blocks INTEGER NOT NULL DEFAULT 0,
  user2_blocks INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  UNIQUE (user1_id, user2_id));
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL,
  room_id INTEGER REFERENCES rooms ON DELETE CASCADE,
  conversation_id INTEGER REFERENCES conversations ON DELETE CASCADE,
  author_id INTEGER NOT NULL REFERENCES users, content TEXT NOT NULL,
  parent_id INTEGER REFERENCES messages ON DELETE SET NULL, is_pinned INTEGER NOT NULL DEFAULT 0,
  edit_count INTEGER NOT NULL DEFAULT 0, metadata TEXT NOT NULL, mentions TEXT NOT NULL, client_id TEXT,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS messages_by_room ON messages (room_id, id) WHERE room_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS messages_by_conversation ON messages (conversation_id, id)
  WHERE conversation_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS messages_by_parent ON messages (parent_id) WHERE parent_id IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS room_repeats ON messages (room_id, author_id, client_id)
  WHERE room_id IS NOT NULL AND client_id IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS conversation_repeats ON messages (conversation_id, author_id, client_id)
  WHERE conversation_id IS NOT NULL AND client_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS reactions (
  message_id INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE, user_id INTEGER NOT NULL REFERENCES users,
  emoji TEXT NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (message_id, emoji, user_id));
CREATE TABLE IF NOT EXISTS files (
  id INTEGER PRIMARY KEY AUTOINCREMENT, room_id INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES users, stored_name TEXT NOT NULL, original_filename TEXT NOT NULL,
  mime_type TEXT NOT NULL, size INTEGER NOT NULL, description TEXT, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file_digests (
  file_id INTEGER PRIMARY KEY REFERENCES files ON DELETE CASCADE, sha256 TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS webhooks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL REFERENCES users,
  room_id INTEGER REFERENCES rooms ON DELETE CASCADE, url TEXT NOT NULL, events TEXT NOT NULL,
  secret TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS audit_logs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, room_id INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
  action TEXT NOT NULL, details TEXT NOT NULL, user_id INTEGER, moderator_id INTEGER NOT NULL,
  ip_address TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS audit_by_room ON audit_logs (room_id, id);
`

/** Makes every table that is missing. */
export function createSchema(db: Database): void {
  db.script(SCHEMA)
}
