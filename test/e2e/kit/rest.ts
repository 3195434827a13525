/** Requests by hand: a second pair of eyes on what a server has stored. */
export interface Rest {
  readonly token: string
  post(path: string, body: unknown): Promise<Response>
  get(path: string): Promise<Response>
  /** Sends texts to a room, ten at a time. */
  fill(room: string | number, texts: readonly string[]): Promise<void>
}

/** Signs in and resolves to a way to call the server. */
export async function restAs(url: string, username = 'alice'): Promise<Rest> {
  const base = `${url}/api/v1`
  const call = (method: string, path: string, token?: string, body?: unknown): Promise<Response> =>
    fetch(base + path, {
      method,
      headers: {
        ...(token === undefined ? {} : {authorization: `Bearer ${token}`}),
        ...(body === undefined ? {} : {'content-type': 'application/json'}),
      },
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    })
  const login = await call('POST', '/auth/login', undefined, {username, password: `${username}-pass`})
  const {data} = (await login.json()) as {data: {access_token: string}}
  const token = data.access_token
  const post = (path: string, body: unknown): Promise<Response> => call('POST', path, token, body)
  return {
    token,
    post,
    get: path => call('GET', path, token),
    fill: async (room, texts) => {
      for (let start = 0; start < texts.length; start += 10) {
        const some = texts.slice(start, start + 10)
        const answers = await Promise.all(some.map(content => post(`/rooms/${room}/messages`, {content})))
        await Promise.all(answers.map(answer => answer.arrayBuffer()))
      }
    },
  }
}
