// A room with a long history, page by page as either dialect gives it: node history.mjs COUNT guide|reference.
// Pages are made when they are asked for: what a server looks up in its database is not what is measured.
import {answer, serve} from './serve.mjs'

const COUNT = Number(process.argv[2])
const IS_REFERENCE = process.argv[3] === 'reference'
const START_MS = Date.UTC(2026, 0, 1)
const EVERY_MS = 280_000
const WORDS = 'the build of main is green again please look at its log before the release of friday'.split(
  ' ',
)

const room = {id: 1, uuid: 'a', name: 'long', description: 'A long history', is_public: true, owner_id: 2}
const members = [
  {id: 2, username: 'alice', role: 'owner'},
  {id: 3, username: 'bob', role: 'member'},
]

function message(id) {
  const at = new Date(START_MS + id * EVERY_MS).toISOString()
  const content = Array.from(
    {length: 8 + (id % 13)},
    (_, index) => WORDS[(id * 7 + index * 5) % WORDS.length],
  ).join(' ')
  const parent = id % 6 === 0 && id > 10 ? id - (id % 5) - 1 : null
  const users = [{id: 2, username: 'alice'}]
  const reactions = id % 9 !== 0 ? {} : IS_REFERENCE ? {'👍': {count: 1, users}} : {'👍': users}
  return {
    id,
    uuid: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    author_id: 2 + (id % 2),
    username: id % 2 === 0 ? 'alice' : 'bob',
    content: `${content} ${id}`,
    [IS_REFERENCE ? 'parent_message_id' : 'parent_id']: parent,
    thread_count: 0,
    is_pinned: false,
    is_edited: false,
    reactions,
    metadata: {},
    created_at: at,
    updated_at: at,
  }
}

function page(query) {
  const limit = Number(query.get('limit') ?? 50)
  const newest = Number(query.get('before_id') ?? COUNT + 1) - 1
  const rows = Array.from({length: Math.min(limit, Math.max(0, newest))}, (_, index) =>
    message(newest - index),
  )
  return IS_REFERENCE ? {messages: rows, has_more: newest > limit, total_count: COUNT} : rows
}

serve((request, response) => {
  const {pathname, searchParams} = new URL(request.url, 'http://history')
  const data = pathname.endsWith('/messages')
    ? page(searchParams)
    : pathname.endsWith('/members')
      ? members
      : room
  answer(response, 200, {success: true, data})
})
