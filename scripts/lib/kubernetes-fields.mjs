// Which fields the API of Kubernetes has, by the models of its own client: a field of another name is dropped in silence.

/** @returns {string[]} the fields of an object that its kind does not have, and those that are of another type. */
export function strangeFields(value, type, models, path = '') {
  const list = /^Array<(.+)>$/.exec(type)
  if (list !== null) {
    if (!Array.isArray(value)) return [`${path} is no list`]
    return value.flatMap((item, index) => strangeFields(item, list[1], models, `${path}[${index}]`))
  }
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)
  if (map !== null) {
    return Object.entries(value).flatMap(([key, item]) =>
      strangeFields(item, map[1], models, `${path}.${key}`),
    )
  }
  const model = models[type]
  if (model?.getAttributeTypeMap === undefined) return isOf(value, type) ? [] : [`${path} is no ${type}`]
  const fields = new Map(model.getAttributeTypeMap().map(field => [field.baseName, field.type]))
  return Object.entries(value).flatMap(([key, item]) =>
    fields.has(key)
      ? strangeFields(item, fields.get(key), models, `${path}.${key}`)
      : [`${path}.${key} is unknown`],
  )
}

function isOf(value, type) {
  if (type === 'IntOrString') return typeof value === 'number' || typeof value === 'string'
  return typeof value === type
}
