import {expect, test} from 'vitest'
import {anySeed, Dice} from '../../soak/tail/dice.js'
import {recordsOf} from '../../support/chat.js'
import type {Running} from '../../support/veza.js'
import {stop, useStreams} from './stream-kit.js'

/** Kills and freezes. VEZA_BLOWS=20 takes some three minutes. */
const BLOWS = Number(process.env.VEZA_BLOWS ?? 3)
const ENTRIES_EACH = 20
const LIMIT_MS = 30_000 + BLOWS * 15_000
/** VEZA_SEED=123 repeats one run. */
const SEED = process.env.VEZA_SEED === undefined ? anySeed() : Number(process.env.VEZA_SEED)

const world = useStreams(SEED % 2 === 0 ? 'reference' : 'guide')

/** A relay, and what it has said so far. */
interface Member {
  readonly relay: Running
  readonly said: {stdout: string; stderr: string}
}

/** Several relays, of whom it is known at each moment who reads. */
class Members {
  readonly all: Member[] = []
  readonly #looks = new Set<() => void>()

  start(): Member {
    const relay = world.relay([], {env: {VEZA_RATE_LIMIT: '1200'}})
    const said = {stdout: '', stderr: ''}
    for (const name of ['stdout', 'stderr'] as const)
      relay.child[name].on('data', (chunk: string) => {
        said[name] += chunk
        for (const look of this.#looks) look()
      })
    this.all.push({relay, said})
    return {relay, said}
  }

  /** Resolves with what it finds, looked for whenever one of them has said something. */
  find<T>(look: () => T | undefined): Promise<T> {
    return new Promise(resolve => {
      const again = (): void => {
        const found = look()
        if (found === undefined) return
        this.#looks.delete(again)
        resolve(found)
      }
      this.#looks.add(again)
      again()
    })
  }
}

function reads({said}: Member): boolean {
  return said.stderr.lastIndexOf('relaying jobs') > said.stderr.lastIndexOf('standing by')
}

function toldBy({said}: Member): number {
  return said.stdout.split('\n').length - 1
}

test(
  `members that are killed and frozen at work, over a server that loses answers, VEZA_SEED=${SEED}`,
  async () => {
    const dice = new Dice(SEED)
    const group = new Members()
    const members = [group.start(), group.start(), group.start()]
    await Promise.all(members.map(({relay}) => relay.sees('stderr', 'ready: ')))
    for (const kind of ['reset_after', 'error_after', 'truncate', 'reset_before', 'html'] as const)
      world.sandbox.faults.arm({kind, path: '/rooms/', ratio: 0.03})
    const texts: string[] = []
    for (let blow = 0; blow < BLOWS; blow++) {
      for (let nth = 0; nth < ENTRIES_EACH; nth++) {
        // Few texts, so that one entry could be taken for another.
        texts.push(`text ${dice.between(1, 3)}`)
        await world.add({content: texts.at(-1)!})
      }
      const reader = await group.find(() => members.find(reads))
      const enough = toldBy(reader) + dice.between(1, 5)
      await group.find(() => toldBy(reader) >= enough || undefined)
      const isKill = dice.between(0, 1) === 0
      reader.relay.child.kill(isKill ? 'SIGKILL' : 'SIGSTOP')
      await group.find(() => members.find(member => member !== reader && reads(member)))
      if (isKill) members.splice(members.indexOf(reader), 1, group.start())
      else {
        reader.relay.child.kill('SIGCONT')
        await group.find(() => !reads(reader) || undefined)
      }
    }
    world.sandbox.faults.clear()
    const lastId = await world.add({content: 'the last'})
    texts.push('the last')
    await group.find(() => group.all.some(({said}) => said.stdout.includes(lastId)) || undefined)
    const ends = await Promise.all(members.map(({relay}) => stop(relay)))
    expect(ends.map(({code}) => code)).toEqual([143, 143, 143])
    const again = `VEZA_SEED=${SEED} npm test -- test/integration/relay/stream-trial`
    expect(world.sandbox.figures().messages, again).toBe(texts.length)
    expect(await world.contents(), again).toEqual(texts.slice(-100))
    const told = recordsOf({stdout: group.all.map(({said}) => said.stdout).join('')})
    expect(told.filter(({result}) => result === 'dead')).toEqual([])
    // What is told twice was sent before a kill or a freeze, and found by the next member.
    const sent = told.filter(({result}) => result === 'sent').map(({entry_id}) => entry_id)
    expect(new Set(sent).size).toBe(sent.length)
  },
  LIMIT_MS,
)
