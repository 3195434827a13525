/** What a value itself has under a key; nothing that it inherits, so that no name finds more than the data. */
export function ownValue(value: unknown, key: string): unknown {
  const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  return isThere ? Reflect.get(value, key) : undefined
}

/** A value as text for a person or a cell: nothing for what is absent, JSON for what is no text, number or switch. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
