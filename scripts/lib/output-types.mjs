// JSON Schemas of what commands print, from the types `Output` and `Records` of their files.
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join, relative, sep} from 'node:path'
import {
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  EnumType,
  SchemaGenerator,
} from 'ts-json-schema-generator'
import {findCommands} from './command-tables.mjs'

/** The generator reads TypeScript by the compiler it brings: the one we build with has no interface for that. */
const {SyntaxKind} = createRequire(import.meta.resolve('ts-json-schema-generator'))('typescript')

/** What of a command's output a type describes. */
const PARTS = {
  Output: 'What --json prints: one document.',
  Records: 'What --json prints: a record on each line.',
}

/**
 * @param root the package's folder
 * @returns {Map<string, object>} a schema for each command id
 * @throws where a command has neither type, or one that JSON cannot hold
 */
export function outputSchemas(root) {
  const commands = findCommands(root).map(command => ({...command, parts: partsOf(command.path)}))
  const without = commands.filter(({parts}) => parts.length === 0)
  if (without.length > 0)
    throw new Error(
      `no "export type Output" or "Records" in: ${without.map(({path}) => relative(root, path)).join(', ')}`,
    )
  const generator = generatorFor(root, commands)
  return new Map(commands.map(command => [command.id, schemaOf(command, generator)]))
}

function partsOf(path) {
  const source = readFileSync(path, 'utf8')
  const isExported = part =>
    new RegExp(`^export (type|interface) ${part}\\b|^export type \\{[^}]*\\b${part}\\b`, 'm')
  return Object.keys(PARTS).filter(part => isExported(part).test(source))
}

/** All types under names of their own in one file, so that the sources are read once. */
function generatorFor(root, commands) {
  const folder = join(root, 'dist', 'schema-types')
  const lines = commands.flatMap(({id, path, parts}) =>
    parts.map(part => {
      const from = relative(folder, path).split(sep).join('/').replace(/\.ts$/, '.js')
      return `import type {${part} as ${part}Of_${nameOf(id)}} from '${from}'\nexport type ${nameOf(id)}${part} = ${part}Of_${nameOf(id)}`
    }),
  )
  mkdirSync(folder, {recursive: true})
  const path = join(folder, 'index.ts')
  writeFileSync(path, `${lines.join('\n')}\n`)
  try {
    const config = {
      ...DEFAULT_CONFIG,
      path,
      tsconfig: join(root, 'tsconfig.json'),
      skipTypeCheck: true,
      topRef: false,
      expose: 'export',
      jsDoc: 'extended',
      additionalProperties: false,
      functions: 'fail',
      sortProps: true,
    }
    const program = createProgram(config)
    const parser = createParser(program, config, chain =>
      chain.addNodeParser(words(program.getTypeChecker())),
    )
    return new SchemaGenerator(program, parser, createFormatter(config), config)
  } finally {
    rmSync(folder, {recursive: true})
  }
}

/** Types that are computed, such as `keyof typeof CATALOGUE`, and come to a list of words. */
function words(checker) {
  const kinds = new Set([SyntaxKind.TypeOperator, SyntaxKind.IndexedAccessType])
  const valuesOf = node => {
    const type = checker.getTypeFromTypeNode(node)
    const members = type.isUnion() ? type.types : [type]
    return members.every(member => member.isStringLiteral()) ? members.map(({value}) => value) : []
  }
  return {
    supportsNode: node => kinds.has(node.kind) && valuesOf(node).length > 0,
    createType: node => new EnumType(`words-${valuesOf(node).join('-')}`, valuesOf(node)),
  }
}

function nameOf(id) {
  return `C${id.replaceAll(/[^a-z0-9]/gi, '_')}`
}

function schemaOf({id, parts}, generator) {
  const schemas = parts.map(part => partSchema(part, generator.createSchema(`${nameOf(id)}${part}`)))
  const definitions = Object.assign({}, ...schemas.map(schema => schema.definitions))
  const [first, ...more] = schemas.map(({body}) => body)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `veza ${id.replaceAll(':', ' ')}`,
    ...(more.length === 0 ? first : {anyOf: [first, ...more]}),
    ...(Object.keys(definitions).length === 0 ? {} : {definitions}),
  }
}

function partSchema(part, schema) {
  const {[part]: top, ...definitions} = opened(schema.definitions ?? {})
  return {body: {...top, description: PARTS[part]}, definitions}
}

/**
 * New fields may come with any version, so that no schema rules them out. `additionalProperties: {}` says more: fields that
 * only the server knows come, too.
 */
function opened(schema) {
  if (Array.isArray(schema)) return schema.map(opened)
  if (typeof schema !== 'object' || schema === null) return schema
  const {additionalProperties, ...rest} = schema
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, opened(value)]))
  const isObject = schema.type === 'object'
  if (!isObject || additionalProperties === false) return inner
  return {...inner, additionalProperties: opened(additionalProperties ?? {})}
}
