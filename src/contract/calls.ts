/**
 * The rows of sections 4 and 5 of the contract, by their names there: each is reached by a command, which lists it in its `calls`.
 * `docs/coverage.md` is made from both.
 */

/** Section 4: every REST call. */
export const REST_CALLS = [
  'GET /rooms',
  'POST /rooms',
  'GET /rooms/{id}',
  'PUT /rooms/{id}',
  'DELETE /rooms/{id}',
  'GET /rooms/{id}/members',
  'POST /rooms/{id}/members',
  'PUT /rooms/{id}/members/{user_id}',
  'DELETE /rooms/{id}/members/{user_id}',
  'GET /rooms/{id}/messages',
  'POST /rooms/{id}/messages',
  'PUT /messages/{id}',
  'DELETE /messages/{id}',
  'POST /messages/{id}/pin',
  'GET /messages/{id}/reactions',
  'POST /messages/{id}/reactions',
  'DELETE /messages/{id}/reactions/{emoji}',
  'GET /conversations',
  'POST /conversations',
  'GET /conversations/{id}/messages',
  'POST /conversations/{id}/messages',
  'POST /conversations/{id}/block',
  'POST /files/upload',
  'GET /files/{id}/download',
  'DELETE /files/{id}',
  'GET /users/me',
  'PUT /users/me',
  'GET /users/search',
  'GET /users/{id}',
  'GET /rooms/{id}/stats',
  'GET /rooms/{id}/audit',
  'GET /admin/stats',
  'GET /webhooks',
  'POST /webhooks',
  'POST /webhooks/{id}/test',
] as const

/** Section 5: every frame that a client sends. */
export const FRAME_CALLS = [
  'authenticate',
  'join_room',
  'leave_room',
  'send_message',
  'get_history',
  'pin_message',
  'create_dm',
  'send_dm',
  'block_dm',
  'list_dms',
  'add_reaction',
  'remove_reaction',
  'get_reactions',
  'update_status',
  'get_room_stats',
  'get_audit_logs',
  'ping',
  'disconnect',
] as const

/** A row of section 4 or 5. */
export type ContractCall = (typeof REST_CALLS)[number] | (typeof FRAME_CALLS)[number]
