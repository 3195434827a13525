import type {Dice} from '../tail/dice.js'
import {Member, type MemberOptions} from './members.js'
import type {StreamView} from './stream.js'
import {Takeovers} from './takeovers.js'

const LOOK_EVERY_MS = 50
/** Some are over before the member's session is, most are not. */
const FREEZE_MS = {least: 1_000, most: 9_000} as const

/** Some relays that share their work, one of which is struck now and then. */
export class Group {
  readonly takeovers = new Takeovers()
  kills = 0
  freezes = 0
  /** What was done to whom, in words, a line each. */
  readonly chronicle: string[] = []
  readonly #options: MemberOptions
  readonly #view: StreamView
  readonly #members: Member[] = []
  readonly #past: Member[] = []
  readonly #timers = new Set<NodeJS.Timeout>()
  #looking: NodeJS.Timeout | undefined

  constructor(options: MemberOptions, view: StreamView) {
    this.#options = options
    this.#view = view
  }

  /** What members should not have done. */
  get faults(): readonly string[] {
    return [...this.#past, ...this.#members].flatMap(({fault}) => fault ?? [])
  }

  /** The last lines of each on stderr. */
  get said(): string {
    return this.#members.map(({said}) => said).join('\n')
  }

  /** Starts so many, one after the other, so that it is known which is which. */
  async start(count: number): Promise<void> {
    this.#look()
    for (let nth = 0; nth < count; nth += 1) await this.#startOne()
  }

  /** Kills one and starts another in its place, or freezes one for some time. One at least goes on. */
  strike(dice: Dice): void {
    const victim = dice.of(this.#members.filter(({isRunning, name}) => isRunning && name !== undefined))
    const isKill = dice.between(0, 1) === 0
    const freezeMs = dice.between(FREEZE_MS.least, FREEZE_MS.most)
    if (victim === undefined || this.#members.filter(({isRunning}) => isRunning).length < 2) return
    if (isKill) this.#kill(victim)
    else this.#freeze(victim, freezeMs)
  }

  /** All that are frozen go on. */
  thaw(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    for (const member of this.#members) if (member.isFrozen) member.thaw()
  }

  /** Asks all to end; resolves when they have. */
  async end(): Promise<void> {
    this.thaw()
    await Promise.all(this.#members.map(member => member.end()))
    clearTimeout(this.#looking)
    this.#looking = undefined
  }

  #kill(victim: Member): void {
    this.kills += 1
    this.#note(`kill ${victim.name}`)
    void victim.kill()
    this.takeovers.struck(victim.name ?? '', 'kill', performance.now())
    this.#members.splice(this.#members.indexOf(victim), 1)
    this.#past.push(victim)
    this.#startOne().catch(() => undefined)
  }

  #freeze(victim: Member, forMs: number): void {
    this.freezes += 1
    this.#note(`freeze ${victim.name} for ${forMs} ms`)
    victim.freeze()
    this.takeovers.struck(victim.name ?? '', 'freeze', performance.now())
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      victim.thaw()
    }, forMs)
    this.#timers.add(timer)
  }

  #note(what: string): void {
    const shares = [...this.takeovers.shares].map(([name, count]) => `${name} ${count}`)
    this.chronicle.push(`${(performance.now() / 1000).toFixed(1)} s: ${what}; rooms: ${shares.join(', ')}`)
  }

  async #startOne(): Promise<void> {
    const member = new Member(this.#options)
    this.#members.push(member)
    await member.ready
  }

  #look(): void {
    this.#looking = setTimeout(async () => {
      const share = await this.#view.share().catch(() => undefined)
      if (share !== undefined) {
        this.#name(share.members)
        const isWorking = (name: string): boolean =>
          this.#members.some(member => member.name === name && member.isRunning)
        this.takeovers.look(share.holders, isWorking, performance.now())
      }
      if (this.#looking !== undefined) this.#look()
    }, LOOK_EVERY_MS)
  }

  /** Whoever is new in Redis is the process that was started last and has no name yet. */
  #name(names: readonly string[]): void {
    const known = new Set([...this.#past, ...this.#members].map(({name}) => name))
    const fresh = names.filter(name => !known.has(name))
    for (const member of this.#members) member.name ??= fresh.shift()
  }
}
