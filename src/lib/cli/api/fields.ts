import {VezaError} from '../../errors/veza-error.js'

/** Fields given on the command line. */
export interface FieldWords {
  /** `-f key=value`: the value is text. */
  readonly texts: readonly string[]
  /** `-F key=value`: true, false, null and numbers are what they look like, `@FILE` is the file's text, `@-` stdin's. */
  readonly typed: readonly string[]
  /** The text of a file, or of stdin for `-`. */
  readonly read: (path: string) => Promise<string>
}

/** A JSON object in the making. */
type Tree = {[key: string]: unknown}

/**
 * The fields as one object: `a[b]=1` is a field of a field, `a[]=1` one of a list.
 * @throws {VezaError} `usage` for a word that is no `key=value`, or a key that is already something else; what `read` throws.
 */
export async function readFields({texts, typed, read}: FieldWords): Promise<Tree> {
  const tree = newTree()
  for (const word of texts) {
    const {key, value} = split(word, '-f')
    put(tree, pathOf(key, '-f'), value, '-f')
  }
  for (const word of typed) {
    const {key, value} = split(word, '-F')
    put(tree, pathOf(key, '-F'), await typedValue(value, read), '-F')
  }
  return tree
}

/** Without a prototype, so that `__proto__` is a field like any other. */
function newTree(): Tree {
  return Object.create(null)
}

/** The word itself is not repeated: it may hold a secret. */
function split(word: string, flag: string): {readonly key: string; readonly value: string} {
  const at = word.indexOf('=')
  if (at < 1) throw new VezaError('usage', `${flag} wants KEY=VALUE`)
  return {key: word.slice(0, at), value: word.slice(at + 1)}
}

async function typedValue(value: string, read: FieldWords['read']): Promise<unknown> {
  if (value.startsWith('@')) return read(value.slice(1))
  if (value === 'true') return true
  if (value === 'false') return false
  if (value === 'null') return null
  return isNumber(value) ? Number(value) : value
}

/** Digits that JSON would read as this number and write the same again: an id of 20 digits and 007 stay text. */
function isNumber(text: string): boolean {
  return /^-?\d/.test(text) && String(Number(text)) === text
}

/** `a[b][]` as `a`, `b` and an empty step, which appends. */
function pathOf(key: string, flag: string): readonly string[] {
  const [, first = '', rest = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key) ?? []
  if (first === '') throw new VezaError('usage', `${flag}: a key is NAME, NAME[FIELD] or NAME[]`)
  return [first, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, step = '']) => step)]
}

function put(tree: Tree, path: readonly string[], value: unknown, flag: string): void {
  let target: Tree | unknown[] = tree
  path.forEach((step, index) => {
    const next = path[index + 1]
    const made = next === undefined ? value : next === '' ? [] : newTree()
    const there = step === '' ? undefined : Reflect.get(target, step)
    if (Array.isArray(target) !== (step === '') || (there !== undefined && !fits(there, next)))
      throw new VezaError('usage', `${flag}: a key is given twice, or as two different things`)
    if (there === undefined) set(target, step, made)
    target = (there ?? made) as Tree | unknown[]
  })
}

/** Whether what is there takes the next step: a list an empty one, an object a name. */
function fits(there: unknown, next: string | undefined): boolean {
  if (next === undefined || typeof there !== 'object' || there === null) return false
  return Array.isArray(there) === (next === '')
}

function set(target: Tree | unknown[], step: string, value: unknown): void {
  if (Array.isArray(target)) target.push(value)
  else target[step] = value
}
