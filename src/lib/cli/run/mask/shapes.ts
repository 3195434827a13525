import {type Finder, patternFinder, type Span} from './span.js'

/** The longest private key there is: RSA of 16,384 bits has 13 KB, with a time before each line some more. */
const LONGEST_KEY = 24 * 1024
/** The shortest part of a JWT, in characters. */
const SHORTEST_PART = 11

/** Secrets that are known by their looks, within a word too. None of them is slow on any text. */
const SHAPES: readonly RegExp[] = [
  // GitHub, GitLab, Slack, AWS, npm, Stripe, and our own API keys
  /gh[oprsu]_[A-Za-z0-9]{16,}/,
  /github_pat_\w{16,}/,
  /gl[a-z]{2,6}-[\w-]{16,}/,
  /xox[a-z]-[\w-]{8,}/,
  /(?:AKIA|ASIA)[A-Z0-9]{12,20}/,
  /npm_[A-Za-z0-9]{30,}/,
  /[rs]k_live_\w{16,}/,
  /veza_ak_[\w-]{4,}/,
  // headers
  /Bearer\s{1,4}(?<secret>[\w.~+/=-]{8,})/i,
  /Authorization['"]?\s{0,4}[:=]\s{0,4}['"]?(?:Basic|Token)\s{1,4}(?<secret>[\w.~+/=:-]{4,})/i,
  /X-API-Key['"]?\s{0,4}[:=]\s{0,4}['"]?(?<secret>[^\s'"]{4,})/i,
  // the password of an address
  /[a-z0-9]:\/\/[^\s/:@]{0,256}:(?<secret>[^\s/@]{1,512})@/i,
]

const KEY_MARK = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
/** What stands between the marks of a key: base64 and line breaks, as they are or escaped. */
const KEY_BODY = /[A-Za-z0-9+/=\s\\]/

/** The finders of all known shapes. */
export const shapeFinders: readonly Finder[] = [...SHAPES.map(patternFinder), tokens, privateKeys]

/** JWTs: at least two parts between dots, the first an object. Not by one pattern, which is slow on long words. */
function* tokens(text: string): Iterable<Span> {
  for (const {0: run, index} of text.matchAll(/[\w.-]+/g)) {
    let start = index
    const parts = run.split('.')
    for (const [nth, part] of parts.entries()) {
      const at = part.indexOf('eyJ')
      const next = parts[nth + 1]?.length ?? 0
      if (at !== -1 && part.length - at >= SHORTEST_PART && next >= SHORTEST_PART) {
        yield {start: start + at, end: index + run.length}
        break
      }
      start += part.length + 1
    }
  }
}

/** Whole private keys. Where one of the marks is out of sight, what can be a part of the key. */
function* privateKeys(text: string): Iterable<Span> {
  let begin: {readonly start: number; readonly end: number} | undefined
  for (const match of text.matchAll(KEY_MARK)) {
    const mark = {start: match.index, end: match.index + match[0].length}
    if (match[1] === 'BEGIN') {
      if (begin !== undefined) yield {start: begin.start, end: walk(text, begin.end, 1)}
      begin = mark
      continue
    }
    const isWhole = begin !== undefined && mark.start - begin.end <= LONGEST_KEY
    yield {
      start: begin !== undefined && isWhole ? begin.start : walk(text, mark.start - 1, -1) + 1,
      end: mark.end,
    }
    begin = undefined
  }
  if (begin !== undefined) yield {start: begin.start, end: walk(text, begin.end, 1)}
}

/** The first place from `from` on, in steps of 1 or -1, that cannot be of a key. */
function walk(text: string, from: number, step: 1 | -1): number {
  let at = from
  while (KEY_BODY.test(text.charAt(at)) && Math.abs(at - from) < LONGEST_KEY) at += step
  return at
}
