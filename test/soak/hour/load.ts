import {setTimeout as sleep} from 'node:timers/promises'
import type {Channel} from '../../../src/lib/realtime/channel.js'
import {pathOf} from '../bot/judge.js'
import type {Dice} from '../tail/dice.js'
import {Refused, Rest} from '../tail/rest.js'
import type {Server} from './server.js'

const SENDERS = ['bob', 'bob', 'bob', 'admin'] as const
const ANSWER_MS = 2_000
/** Of a hundred messages to rooms so many are for the bot. */
const COMMANDS_PERCENT = 10
const LONGEST_CONTENT = 120
/** Who is so far behind, since the server was away, does not hurry. */
const MOST_BEHIND_MS = 2_000

/** Sends so many messages a second until `isOver`. What is stored of them, the server knows. */
export async function runLoad(
  server: Server,
  rate: number,
  dice: Dice,
  isOver: () => boolean,
): Promise<void> {
  const everyMs = (1000 * SENDERS.length) / rate
  await Promise.all(SENDERS.map(name => sendSteadily(server, name, everyMs, dice.split(), isOver)))
}

async function sendSteadily(
  {url, channels}: Server,
  name: (typeof SENDERS)[number],
  everyMs: number,
  dice: Dice,
  isOver: () => boolean,
): Promise<void> {
  const rest = new Rest(url, ANSWER_MS)
  // The conversation is of bob.
  const own = channels.filter(({kind}) => kind === 'room' || name === 'bob')
  let token: string | undefined
  let dueMs = performance.now()
  for (let number = 1; !isOver(); number += 1) {
    dueMs = Math.max(dueMs + everyMs, performance.now() - MOST_BEHIND_MS)
    await sleep(Math.max(0, dueMs - performance.now()))
    try {
      token ??= await rest.signIn(name)
      const channel = dice.of(own)
      await rest.call('POST', pathOf(channel), token, {content: textOf(channel, number, dice)})
    } catch (error) {
      if (error instanceof Refused && error.status === 401) token = undefined
    }
  }
  rest.close()
}

function textOf({kind}: Channel, number: number, dice: Dice): string {
  if (kind === 'dm' || dice.between(1, 100) <= COMMANDS_PERCENT) return `!bot echo ${number}`
  return `${number} ${'x'.repeat(dice.between(0, LONGEST_CONTENT))}"\\\n☂`
}
