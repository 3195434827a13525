/** What the server has done since it began; made to be read by whoever watches it. */
export class Tally {
  /** WebSockets that were opened. */
  connections = 0
  framesReceived = 0
  framesSent = 0
  /** Messages that were stored. */
  messages = 0
  /** Requests that were answered, by `METHOD STATUS`. */
  readonly requests = new Map<string, number>()

  /** A request was answered. */
  answered(method: string, status: number): void {
    const key = `${method} ${status}`
    this.requests.set(key, (this.requests.get(key) ?? 0) + 1)
  }
}
