import {describe, expect, it} from 'vitest'
import {projectFileSchema, userFileSchema} from '../../../src/lib/config/schema.js'
import {
  DEFINITIONS,
  PROFILE_KEYS,
  PROJECT_KEYS,
  SETTING_NAMES,
  USER_KEYS,
} from '../../../src/lib/config/settings.js'
import {showValue} from '../../../src/lib/config/show-value.js'

interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly default?: unknown
  readonly description?: string
  readonly properties?: Record<string, Schema>
  readonly additionalProperties?: boolean | Schema
}

const user = userFileSchema() as Schema
const project = projectFileSchema() as Schema
const keysOf = (schema: Schema): string[] => Object.keys(schema.properties ?? {}).sort()

describe('the schemas', () => {
  it('know the keys that each file may set, and no other', () => {
    expect(keysOf(user)).toEqual([...USER_KEYS, 'profiles'].sort())
    expect(keysOf(project)).toEqual([...PROJECT_KEYS].sort())
    const profiles = user.properties?.profiles?.additionalProperties as Schema
    expect(keysOf(profiles)).toEqual([...PROFILE_KEYS].sort())
    expect([user, project, profiles].map(schema => schema.additionalProperties)).toEqual([
      false,
      false,
      false,
    ])
  })

  it.each(SETTING_NAMES.filter(name => name !== 'insecure'))('describe %s, and its default fits', name => {
    const {key, kind, fallback, summary} = DEFINITIONS[name]
    const schema = user.properties?.[key] ?? {}
    expect(schema.description).toBe(summary)
    expect(schema.default).toBe(showValue(kind.name, fallback))
    if (schema.default === undefined) return
    if (schema.enum !== undefined) expect(schema.enum).toContain(schema.default)
    else
      expect([schema.type].flat()).toContain(
        typeof fallback === 'number' && kind.name === 'number' ? 'integer' : typeof schema.default,
      )
    if (schema.pattern !== undefined) expect(schema.default).toMatch(new RegExp(schema.pattern))
  })

  it.each(['90', '90s', '10m', '2h30m', '500ms', '1.5h'])(
    'take %s as a duration, as the reader does',
    text => {
      const {pattern = ''} = user.properties?.timeout ?? {}
      expect(text).toMatch(new RegExp(pattern))
      expect(DEFINITIONS.timeoutMs.kind.parse(text, 'timeout')).toBeGreaterThan(0)
    },
  )
})
