import type {App} from '../app.js'
import type {Door} from '../door.js'
import type {Subscriber} from '../realtime/hub.js'
import {DEFAULT_DURATION_MS, type FaultSpec} from './spec.js'

const CLOSE_GOING_AWAY = 1001
const CLOSE_POLICY = 1008
const CLOSE_SERVICE_RESTART = 1012
const CLOSE_GRACE_MS = 1_000
const OPEN_AGAIN_MS = 50

/** Strikes what strikes at once. */
export function strikeMoment(app: App, door: Door, spec: FaultSpec): void {
  const {durationMs = DEFAULT_DURATION_MS} = spec
  const sockets = struckSockets(app, spec)
  switch (spec.kind) {
    case 'drop':
      for (const socket of sockets) socket.cut()
      break
    case 'close':
      for (const socket of sockets) socket.close(spec.code ?? CLOSE_SERVICE_RESTART, '')
      break
    case 'silent':
      silence(app, sockets, durationMs)
      break
    case 'expire':
      app.tokens.next()
      for (const socket of sockets) if (socket.hasToken) socket.close(CLOSE_POLICY, 'INVALID_TOKEN')
      break
    case 'refuse':
      app.faults.refuseFor(durationMs)
      break
    case 'restart':
      restart(app, door, sockets, durationMs)
      break
  }
}

function struckSockets({hub}: App, {roomId}: FaultSpec): readonly Subscriber[] {
  return [...hub.sockets].filter(socket => roomId === undefined || hub.isIn(socket, roomId))
}

function silence(app: App, sockets: readonly Subscriber[], durationMs: number): void {
  for (const socket of sockets) socket.hush()
  app.faults.waits.after(durationMs, () => {
    for (const socket of sockets) socket.unhush()
  })
}

/** One that strikes while the server is down does nothing. */
function restart(app: App, door: Door, sockets: readonly Subscriber[], durationMs: number): void {
  if (!door.isOpen) return
  door.shut()
  const {waits} = app.faults
  for (const socket of sockets) socket.close(CLOSE_GOING_AWAY, 'the server is restarting')
  waits.after(CLOSE_GRACE_MS, () => {
    for (const socket of sockets) socket.cut()
  })
  // Somebody else's outgoing connection may have taken the port in the meantime; it will not keep it.
  const openAgain = (): void => void door.open().catch(() => waits.after(OPEN_AGAIN_MS, openAgain))
  waits.after(durationMs, openAgain)
}
