// Takes messages and sign-ins and answers at once, so that a start-up is measured and not a server.
import {answer, serve} from './serve.mjs'

const TOKEN_SECONDS = 86_400

const claims = {sub: '2', username: 'alice', exp: Math.floor(Date.now() / 1000) + TOKEN_SECONDS}
const part = value => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = `${part({alg: 'HS256', typ: 'JWT'})}.${part(claims)}.c2lnbmF0dXJl`
const grant = {
  access_token: token,
  refresh_token: 'refresh',
  expires_in: TOKEN_SECONDS,
  user: {id: 2, username: 'alice', role: 'user'},
}

let lastId = 0

function message(content) {
  lastId += 1
  const now = new Date().toISOString()
  return {
    id: lastId,
    author_id: 2,
    username: 'alice',
    content,
    parent_id: null,
    room_id: 1,
    created_at: now,
    updated_at: now,
  }
}

serve((request, response) => {
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}')
    if (request.url.endsWith('/auth/login')) answer(response, 200, grant)
    else if (request.url === '/count') answer(response, 200, {count: lastId})
    else if (request.headers.authorization !== `Bearer ${token}`) {
      answer(response, 401, {success: false, error: {code: 'INVALID_TOKEN', message: 'not that token'}})
    } else answer(response, 201, {success: true, data: message(body.content)})
  })
})
