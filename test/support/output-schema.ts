import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {ValidateFunction} from 'ajv'
import {matchCommand} from '../../src/lib/cli/dispatch.js'

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'schemas')
/** These make something else of what `--json` prints. */
const SHAPING = ['--jq', '--format', '--template', '--columns', '--json-schema', '--help']

type Json = Readonly<Record<string, unknown>>
const validators = new Map<string, Promise<ValidateFunction | undefined>>()

/**
 * Holds what a command has printed with `--json` against the schema of its output, so that each test of a command is one of
 * its schema, too. Stricter than the schema: a field must be named there, but where the server's own may come.
 * @throws an Error that names the command and the fault.
 */
export async function assertOutputSchema(args: readonly string[], stdout: string): Promise<void> {
  const end = args.indexOf('--')
  const words = end === -1 ? args : args.slice(0, end)
  // A line that a kill has cut off is none.
  const lines = stdout.split('\n').slice(0, -1)
  if (!words.includes('--json') || lines.length === 0 || isShaped(words)) return
  const id = matchCommand(words, {has: (name: string) => existsSync(pathOf(name))} as ReadonlySet<string>)?.id
  const validate = id === undefined ? undefined : await validatorOf(id)
  if (validate === undefined) return
  for (const line of lines) {
    if (validate(JSON.parse(line))) continue
    const faults = validate.errors?.map(({instancePath, message, params}) =>
      [instancePath || '$', message, JSON.stringify(params)].join(' '),
    )
    throw new Error(
      `the output of "veza ${id?.replaceAll(':', ' ')}" is not as its schema has it: ${faults?.join('; ')}\n${line}`,
    )
  }
}

function isShaped(words: readonly string[]): boolean {
  return words.some(word => SHAPING.some(flag => word === flag || word.startsWith(`${flag}=`)))
}

function pathOf(id: string): string {
  return join(FOLDER, ...id.split(':')).concat('.json')
}

function validatorOf(id: string): Promise<ValidateFunction | undefined> {
  const known = validators.get(id) ?? compile(id)
  validators.set(id, known)
  return known
}

async function compile(id: string): Promise<ValidateFunction | undefined> {
  const schema = JSON.parse(readFileSync(pathOf(id), 'utf8')) as Json
  // A command that prints nothing of its own: what comes out is another's.
  if (schema.not !== undefined) return undefined
  const {Ajv} = await import('ajv')
  return new Ajv({strict: false, allErrors: true}).compile(closed(schema) as Json)
}

/** Only fields that are named, where the schema does not say that others may come. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  const isOpen = !('properties' in schema) || 'additionalProperties' in schema
  return isOpen || typeof inner.properties !== 'object' ? inner : {...inner, additionalProperties: false}
}
