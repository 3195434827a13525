// The server that takes messages and answers at once, and who may send them.
import {script} from './workplace.mjs'

/** The budget is opened and kept as ever, but a limit that is never reached makes nobody wait. */
export const OFTEN = {VEZA_RATE_LIMIT: '60000'}

/** Starts it; `given` is the environment of a veza that is given a token. */
export async function serveMessages(workplace) {
  const server = await workplace.serve(script('servers/messages.mjs'))
  const response = await fetch(`${server}/api/v1/auth/login`, {method: 'POST', body: '{}'})
  const {access_token: token} = await response.json()
  return {server, token, given: {VEZA_SERVER: server, VEZA_TOKEN: token, ...OFTEN}}
}
