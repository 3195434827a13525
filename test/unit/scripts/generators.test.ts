import {cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {coverageOf} from '../../../scripts/coverage.mjs'
import {outputSchemas} from '../../../scripts/lib/output-types.mjs'
import * as roff from '../../../scripts/lib/roff.mjs'

const ROOT = join(import.meta.dirname, '..', '..', '..')

describe('the table of coverage', () => {
  const commands = {
    'rooms:list': {calls: ['GET /rooms']},
    'rooms:all': {calls: ['GET /rooms', 'ping']},
    secret: {calls: ['POST /rooms'], hidden: true},
    notify: {},
  }

  it('has the commands of each row, and none for what only a hidden one reaches', () => {
    expect(coverageOf(['GET /rooms', 'POST /rooms', 'ping', 'disconnect'], commands)).toEqual([
      {row: 'GET /rooms', ids: ['rooms:list', 'rooms:all']},
      {row: 'POST /rooms', ids: []},
      {row: 'ping', ids: ['rooms:all']},
      {row: 'disconnect', ids: []},
    ])
  })
})

/** A package of its own with these commands, by path. */
function project(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'veza-types-'))
  onTestFinished(() => rmSync(root, {recursive: true, force: true}))
  cpSync(join(ROOT, 'tsconfig.json'), join(root, 'tsconfig.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, 'src', 'commands', path)
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(file, text)
  }
  return root
}

describe('schemas of outputs', () => {
  it('come from the types of a new command, without a change elsewhere', () => {
    const root = project({
      'rooms/stats.ts': [
        'const WORDS = {day: 1, hour: 2} as const',
        'interface Point { readonly at: string; readonly unit: keyof typeof WORDS; readonly kind: (typeof LIST)[number] }',
        `const LIST = ['peak', 'low'] as const`,
        '/** One record. */',
        'export interface Records { readonly point: Point; readonly extra?: number | undefined; readonly [field: string]: unknown }',
        'export type Output = readonly Point[]',
      ].join('\n'),
      'run.ts': 'export type Output = never',
    })
    const schemas = outputSchemas(root)
    expect([...schemas.keys()]).toEqual(['rooms:stats', 'run'])
    expect(schemas.get('run')).toMatchObject({title: 'veza run', not: {}})
    const stats = schemas.get('rooms:stats') as {anyOf: readonly unknown[]}
    const point = {
      type: 'object',
      properties: {
        at: {type: 'string'},
        unit: {type: 'string', enum: ['day', 'hour']},
        kind: {type: 'string', enum: ['peak', 'low']},
      },
      required: ['at', 'unit', 'kind'],
    }
    expect(stats.anyOf[0]).toMatchObject({type: 'array', items: point})
    expect(stats.anyOf[1]).toMatchObject({
      type: 'object',
      properties: {point, extra: {type: 'number'}},
      required: ['point'],
      additionalProperties: {},
    })
    expect(JSON.stringify(stats.anyOf[0])).not.toContain('additionalProperties')
  })

  it('name the command that has no type', () => {
    const root = project({'rooms/stats.ts': 'export type Outputs = string'})
    expect(() => outputSchemas(root)).toThrow(
      /no "export type Output" or "Records" in: src\/commands\/rooms\/stats.ts/,
    )
  })
})

describe('text of a manual page', () => {
  it('is never markup', () => {
    expect(roff.text('.SH a')).toBe('\\&.SH a')
    expect(roff.text('a\\b --flag')).toBe('a\\eb \\-\\-flag')
    expect(roff.text("it's `x` ~ ^ é 👍")).toBe('it\\(aqs \\(gax\\(ga \\(ti \\(ha \\[u00E9] \\[u1F44D]')
  })
})
