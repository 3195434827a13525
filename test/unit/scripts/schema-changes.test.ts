import {describe, expect, it} from 'vitest'
import {breakingChanges} from '../../../scripts/lib/schema-changes.mjs'

type Schema = Readonly<Record<string, unknown>>

const object = (properties: Schema, required: readonly string[] = [], more: Schema = {}): Schema => ({
  type: 'object',
  properties,
  required,
  ...more,
})
const text = {type: 'string'}
const number = {type: 'number'}
const words = (...values: string[]): Schema => ({type: 'string', enum: values})

const room = object({id: number, name: text, state: words('open', 'shut')}, ['id', 'name'])

describe('what breaks who reads an output', () => {
  it.each<[string, Schema, Schema, string]>([
    ['a field is gone', room, object({id: number, name: text}, ['id', 'name']), '$.state: is gone'],
    ['a field may be absent', room, {...room, required: ['id']}, '$.name: may be absent'],
    ['another type', object({id: number}), object({id: text}), '$.id: was number, may be string'],
    [
      'null as well',
      object({id: number}),
      object({id: {type: ['number', 'null']}}),
      '$.id: was number, may be null',
    ],
    ['anything at all', object({id: number}), object({id: {}}), '$.id: was number, may be anything'],
    [
      'a word is gone',
      room,
      object({...(room.properties as Schema), state: words('open')}, ['id', 'name']),
      '$.state: no longer shut',
    ],
    [
      'no longer one of a few words',
      object({a: words('x')}),
      object({a: text}),
      '$.a: was one of x, may be any text',
    ],
    ['a list instead of one', room, {type: 'array', items: room}, '$: was object, may be array'],
    [
      'within a list',
      {type: 'array', items: room},
      {type: 'array', items: object({id: number}, ['id'])},
      '$[].name: is gone',
    ],
    ['deeper', object({a: object({b: text})}), object({a: object({})}), '$.a.b: is gone'],
    ['a form is gone', {anyOf: [room, text]}, room, '$: 1 of 2 forms gone or changed'],
    ['a form is new', room, {anyOf: [room, text]}, '$: a form that was not there'],
  ])('%s', (_name, before, after, fault) => {
    expect(breakingChanges(before, after)).toContain(fault)
  })

  it('behind a reference, also where the definition was renamed', () => {
    const before = {$ref: '#/definitions/Room', definitions: {Room: room}}
    expect(breakingChanges(before, {$ref: '#/definitions/Place', definitions: {Place: room}})).toEqual([])
    const gone = {$ref: '#/definitions/Room', definitions: {Room: object({id: number}, ['id'])}}
    expect(breakingChanges(before, gone)).toContain('$.name: is gone')
  })
})

describe('what breaks nobody', () => {
  it.each<[string, Schema, Schema]>([
    ['nothing', room, room],
    ['a new field', room, object({...(room.properties as Schema), topic: text}, ['id', 'name'])],
    ['a field that always comes now', room, {...room, required: ['id', 'name', 'state']}],
    ['one type less', object({a: {type: ['string', 'null']}}), object({a: text})],
    ['a new word', object({a: words('x')}), object({a: words('x', 'y')})],
    ['words where any text was', object({a: text}), object({a: words('x')})],
    ['another description', {...room, description: 'a'}, {...room, description: 'b'}],
    ['the same forms in another order', {anyOf: [room, text]}, {anyOf: [text, room]}],
  ])('%s', (_name, before, after) => {
    expect(breakingChanges(before, after)).toEqual([])
  })

  it('a type that holds itself comes to an end', () => {
    const tree = object({children: {type: 'array', items: {$ref: '#/definitions/Tree'}}})
    const schema = {$ref: '#/definitions/Tree', definitions: {Tree: tree}}
    expect(breakingChanges(schema, schema)).toEqual([])
  })
})
