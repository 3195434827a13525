/**
 * Who has which piece of work: for each name its member. Whoever computes it of the same names and members, in whatever
 * order, gets the same. Each member has as many as any other, or one more; when a member comes or goes few others move.
 *
 * Each name ranks the members by a hash of both (rendezvous hashing), and the best pairs of all are taken first, as long
 * as the member has room.
 */
export function spread(names: readonly string[], members: readonly string[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>()
  const room = new Room(new Set(names).size, new Set(members).size)
  for (const {name, member} of pairsOf(new Set(names), new Set(members))) {
    if (!owners.has(name) && room.take(member)) owners.set(name, member)
  }
  return owners
}

/** How many a member may still have: the whole part of the share, and of some one more. */
class Room {
  readonly #share: number
  #extras: number
  readonly #taken = new Map<string, number>()

  constructor(names: number, members: number) {
    this.#share = Math.floor(names / members)
    this.#extras = names % members
  }

  take(member: string): boolean {
    const taken = this.#taken.get(member) ?? 0
    if (taken > this.#share || (taken === this.#share && this.#extras === 0)) return false
    if (taken === this.#share) this.#extras -= 1
    this.#taken.set(member, taken + 1)
    return true
  }
}

interface Pair {
  readonly name: string
  readonly member: string
  readonly score: number
}

function pairsOf(names: ReadonlySet<string>, members: ReadonlySet<string>): Pair[] {
  const pairs = [...names].flatMap(name =>
    [...members].map(member => ({name, member, score: hash(`${member}\n${name}`)})),
  )
  return pairs.sort((a, b) => b.score - a.score || compare(a.name, b.name) || compare(a.member, b.member))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** FNV-1a, and the last step of MurmurHash3, without which names that differ in their end only would follow each other. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
