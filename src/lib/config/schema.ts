import type {JsonSchema} from './kinds.js'
import {DEFINITIONS, PROFILE_KEYS, PROJECT_KEYS, SETTING_NAMES, USER_KEYS} from './settings.js'
import {showValue} from './show-value.js'

const DIALECT = 'http://json-schema.org/draft-07/schema#'
const NAME: JsonSchema = {pattern: '^[A-Za-z0-9_-]{1,64}$'}

/** The schema of `config.json`, for editors. */
export function userFileSchema(): JsonSchema {
  const profile = objectOf(propertiesFor(PROFILE_KEYS))
  const profiles = {
    type: 'object',
    description: 'Settings that go together, by name; the one in use outranks the top level',
    propertyNames: NAME,
    additionalProperties: profile,
  }
  return {
    $schema: DIALECT,
    title: 'Settings of veza',
    ...objectOf({...propertiesFor(USER_KEYS), profiles}),
  }
}

/** The schema of `.veza.json`, for editors. */
export function projectFileSchema(): JsonSchema {
  return {$schema: DIALECT, title: 'Settings of veza for a project', ...objectOf(propertiesFor(PROJECT_KEYS))}
}

function objectOf(properties: JsonSchema): JsonSchema {
  return {type: 'object', properties, patternProperties: {'^\\$': {}}, additionalProperties: false}
}

function propertiesFor(keys: readonly string[]): JsonSchema {
  const entries = SETTING_NAMES.map(name => DEFINITIONS[name])
    .filter(({key}) => keys.includes(key))
    .map(({key, summary, kind, fallback}) => {
      const value = showValue(kind.name, fallback)
      return [key, {description: summary, ...kind.schema, ...(value === undefined ? {} : {default: value})}]
    })
  return Object.fromEntries(entries)
}
