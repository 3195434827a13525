import type {Context} from '../context.js'
import {counted} from '../ending.js'
import type {RelayBase} from './open-relay.js'
import type {StreamMember} from './stream-member.js'

/** What a relay of streams has done since its start. */
export class StreamCounters {
  sent = 0
  repeated = 0
  dead = 0
  fenced = 0
  takenOver = 0
  /** Of each stream that was read, how many entries waited when it was last asked. */
  readonly waiting = new Map<string, number>()

  /** For the last line. */
  get inWords(): string {
    const {sent, repeated, dead} = this
    return [
      `${counted(sent, 'message')} sent`,
      ...(repeated > 0 ? [`${repeated} sent before`] : []),
      ...(dead > 0 ? [counted(dead, 'dead letter')] : []),
    ].join(', ')
  }

  /** Has the metrics told at each scrape; the relay is ready while Redis is there and says who reads each stream. */
  meter({metrics, redis}: RelayBase, members: readonly StreamMember[], tally: Context['tally']): void {
    metrics.readyWhen(() => redis.isConnected && members.every(({state}) => state !== 'unknown'))
    metrics.collect(set => {
      const read = members.filter(({state}) => state === 'reading')
      const pending = read.map(({stream}) => this.waiting.get(stream) ?? 0)
      set('chat_client_messages_total', {direction: 'sent', type: 'room_message'}, this.sent)
      set('veza_token_refreshes_total', {}, tally.tokenRefreshes)
      set('veza_relay_messages_total', {direction: 'out'}, this.sent + this.repeated)
      set('veza_relay_dead_letters_total', {}, this.dead)
      set('veza_relay_fenced_total', {}, this.fenced)
      set('veza_relay_takeovers_total', {}, this.takenOver)
      set(
        'veza_relay_pending_messages',
        {},
        pending.reduce((sum, entries) => sum + entries, 0),
      )
      set('veza_relay_rooms', {}, read.length)
      set('veza_relay_members', {}, Math.max(0, ...members.map(member => member.members)))
    })
  }
}
