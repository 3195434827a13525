// What a new JSON Schema of an output would break for those who read by the old one.

/** Deep enough for every type; a type that holds itself ends there. */
const DEEPEST = 12

/**
 * @param before the schema that readers know, @param after the new one
 * @returns {string[]} each breaking change: a field that is gone or perhaps absent now, another type, a word that is gone
 */
export function breakingChanges(before, after) {
  const faults = compare(resolved(before, before), resolved(after, after), {
    path: '$',
    depth: 0,
    before,
    after,
  })
  return [...new Set(faults)]
}

function compare(old, now, at) {
  if (at.depth > DEEPEST) return []
  return [
    ...types(old, now, at),
    ...words(old, now, at),
    ...fields(old, now, at),
    ...items(old, now, at),
    ...choices(old, now, at),
  ]
}

/** A reader handles the types it knows: fewer are fine, another one is not. Any type at all is another, too. */
function types(old, now, {path}) {
  const [before, after] = [typesOf(old), typesOf(now)]
  if (before === undefined || choicesOf(old) !== undefined) return []
  if (after === undefined)
    return choicesOf(now) === undefined ? [`${path}: was ${before.join(' or ')}, may be anything`] : []
  const more = after.filter(
    type => !before.includes(type) && !(type === 'integer' && before.includes('number')),
  )
  return more.length === 0 ? [] : [`${path}: was ${before.join(' or ')}, may be ${more.join(' or ')}`]
}

/** A word that is gone is one that scripts wait for in vain. */
function words(old, now, {path}) {
  const [before, after] = [wordsOf(old), wordsOf(now)]
  if (before === undefined) return []
  if (after === undefined)
    return typesOf(now) === undefined ? [] : [`${path}: was one of ${before.join(', ')}, may be any text`]
  const gone = before.filter(word => !after.includes(word))
  return gone.length === 0 ? [] : [`${path}: no longer ${gone.join(', ')}`]
}

function fields(old, now, at) {
  if (now.properties === undefined && choicesOf(now) !== undefined) return []
  return Object.entries(old.properties ?? {}).flatMap(([name, field]) => {
    const path = `${at.path}.${name}`
    const other = now.properties?.[name]
    if (other === undefined) return [`${path}: is gone`]
    const isLess = old.required?.includes(name) && !now.required?.includes(name)
    return [...(isLess ? [`${path}: may be absent`] : []), ...deeper(field, other, {...at, path})]
  })
}

function items(old, now, at) {
  if (old.items === undefined || now.items === undefined) return []
  return deeper(old.items, now.items, {...at, path: `${at.path}[]`})
}

/** Of several forms each that was must still be one, and what is new must fit one that was. */
function choices(old, now, at) {
  const [before, after] = [choicesOf(old), choicesOf(now)]
  if (before === undefined && after === undefined) return []
  const was = before ?? [old]
  const is = after ?? [now]
  const fits = (one, other) => deeper(one, other, at).length === 0
  const gone = was.filter(one => !is.some(other => fits(one, other)))
  const strange = is.filter(other => !was.some(one => fits(one, other)))
  return [
    ...(gone.length > 0 ? [`${at.path}: ${gone.length} of ${was.length} forms gone or changed`] : []),
    ...(strange.length > 0 && gone.length === 0 ? [`${at.path}: a form that was not there`] : []),
  ]
}

function deeper(old, now, at) {
  return compare(resolved(old, at.before), resolved(now, at.after), {...at, depth: at.depth + 1})
}

function resolved(schema, root) {
  const name = schema.$ref?.replace('#/definitions/', '')
  return name === undefined ? schema : resolved(root.definitions[decodeURIComponent(name)], root)
}

function typesOf({type, const: constant, enum: values}) {
  if (type !== undefined) return [type].flat()
  const known = values ?? (constant === undefined ? undefined : [constant])
  return known && [...new Set(known.map(value => (value === null ? 'null' : typeof value)))]
}

function wordsOf({const: constant, enum: values}) {
  return values ?? (constant === undefined ? undefined : [constant])
}

function choicesOf({anyOf, oneOf}) {
  return anyOf ?? oneOf
}
