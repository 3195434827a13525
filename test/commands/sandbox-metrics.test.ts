import {expect, it} from 'vitest'
import {signIn} from '../support/chat.js'
import {makeHome} from '../support/veza.js'
import {familiesOf, figure} from '../unit/metrics/kit.js'

it('a sandbox tells what it did: calls, messages, WebSockets, frames, faults', async () => {
  const home = makeHome()
  const args = ['sandbox', '--port', '0', '--metrics-listen', '0', '--log-format', 'json']
  const sandbox = home.start([...args, '--fault', 'html:method=DELETE:count=1'])
  const told = await sandbox.sees('stderr', '"event":"ready"')
  const [metrics, , , ready] = told.split('\n').map(line => (line === '' ? {} : JSON.parse(line)))
  const url = String(metrics.url).replace('/metrics', '')
  expect(ready).toMatchObject({event: 'ready', url: ready.message})
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  const token = await signIn(ready.url, 'alice')
  const headers = {authorization: `Bearer ${token}`, 'content-type': 'application/json'}
  const path = `${ready.url}/api/v1/rooms/1/messages`
  const socket = new (await import('ws')).WebSocket(`${ready.url.replace('http', 'ws')}/ws`, {headers})
  const frames: string[] = []
  const seen = new Promise<void>(resolve => {
    socket.on('message', data => {
      frames.push(String(data))
      if (String(data).includes('room_message')) resolve()
    })
  })
  socket.on('open', () => socket.send(JSON.stringify({type: 'join_room', data: {room_id: 1}})))
  await new Promise<void>(resolve =>
    socket.on('message', data => String(data).includes('room_joined') && resolve()),
  )
  await fetch(path, {method: 'POST', headers, body: '{"content":"hi"}'})
  await fetch(path, {method: 'POST', headers, body: '{"content":""}'})
  await fetch(`${ready.url}/api/v1/messages/1`, {method: 'DELETE', headers})
  await seen
  const text = await (await fetch(`${url}/metrics`)).text()
  expect(figure(text, 'veza_sandbox_messages_total')).toBe(1)
  expect(figure(text, 'veza_sandbox_connections_total')).toBe(1)
  expect(figure(text, 'veza_sandbox_connections_active')).toBe(1)
  expect(figure(text, 'veza_sandbox_frames_total{direction="received"}')).toBe(1)
  expect(figure(text, 'veza_sandbox_frames_total{direction="sent"}')).toBe(frames.length)
  expect(figure(text, 'veza_sandbox_requests_total{method="POST",status="201"}')).toBe(1)
  expect(text).toMatch(/veza_sandbox_requests_total\{method="POST",status="4\d\d"\} 1/)
  expect(figure(text, 'veza_sandbox_faults_total{kind="html"}')).toBe(1)
  expect(familiesOf(text).some(family => family.startsWith('chat_client'))).toBe(false)
  socket.terminate()
  sandbox.child.kill('SIGTERM')
  const {code, stderr} = await sandbox.ended
  expect(code).toBe(143)
  expect(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
    event: 'ended',
    reason: 'terminated',
    exit_code: 143,
  })
})

it('a sandbox that cannot start leaves nothing listening and no file that goes stale', async () => {
  const home = makeHome()
  const first = home.start(['sandbox', '--port', '0'])
  const port = /:(\d+)\n/.exec(await first.sees('stderr', /^ready: \S+\n/m))?.[1] ?? ''
  const {code, stderr} = await home.run(['sandbox', '--port', port, '--metrics-listen', '0'])
  expect(code).toBe(2)
  const url = /^metrics: (\S+)$/m.exec(stderr)?.[1] ?? ''
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})
