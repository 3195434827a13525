import {describe, expect, test} from 'vitest'
import {createRawApi} from '../../../src/lib/api/raw.js'
import type {HttpClient, HttpRequest} from '../../../src/lib/http/types.js'

/** A server that has rows with these ids, newest first, and shows at most 3 of them at once. */
function serverOf(
  ids: readonly number[],
  {wrapped = false, ignores = false}: {wrapped?: boolean; ignores?: boolean} = {},
): {http: HttpClient; queries: HttpRequest['query'][]} {
  const queries: HttpRequest['query'][] = []
  const request: HttpClient['request'] = async ({query = {}}) => {
    queries.push(query)
    const before = Number(query.before_id ?? Number.POSITIVE_INFINITY)
    const from = ignores ? 0 : Number(query.offset ?? 0)
    const left = ids.filter(id => ignores || id < before).slice(from)
    const rows = left.slice(0, 3).map(id => ({id}))
    const data = wrapped ? {rows, total: ids.length, has_more: left.length > 3} : rows
    return {status: 200, headers: {}, data}
  }
  return {http: {request} as HttpClient, queries}
}

async function idsOf(
  http: HttpClient,
  path: string,
  query: HttpRequest['query'] = {limit: 3},
): Promise<unknown[]> {
  const ids: unknown[] = []
  for await (const page of createRawApi(http).pages({method: 'GET', path, query}))
    ids.push(...page.map(row => (row as {id: number}).id))
  return ids
}

const IDS = [9, 8, 7, 6, 5, 4, 3, 2]

describe.each([true, false])('pages, wrapped: %s', wrapped => {
  test('by offset', async () => {
    const {http, queries} = serverOf(IDS, {wrapped})
    expect(await idsOf(http, '/rooms')).toEqual(IDS)
    expect(queries).toEqual([0, 3, 6].map(offset => ({limit: 3, offset})))
  })

  test('messages by before_id', async () => {
    const {http, queries} = serverOf(IDS, {wrapped})
    expect(await idsOf(http, '/rooms/1/messages')).toEqual(IDS)
    expect(queries).toEqual([{limit: 3}, {limit: 3, before_id: 7}, {limit: 3, before_id: 4}])
  })

  test('a server that ignores both sends no row twice and no loop', async () => {
    const {http} = serverOf(IDS, {wrapped, ignores: true})
    expect(await idsOf(http, '/rooms')).toEqual([9, 8, 7])
    expect(await idsOf(http, '/rooms/1/messages')).toEqual([9, 8, 7])
  })

  test('begins where the caller says', async () => {
    const {http} = serverOf(IDS, {wrapped})
    expect(await idsOf(http, '/rooms', {limit: 3, offset: 6})).toEqual([3, 2])
    expect(await idsOf(http, '/rooms/1/messages', {limit: 3, before_id: 4})).toEqual([3, 2])
  })
})

test.each([{a: 1}, {a: [], b: []}, 'text', null, undefined])('%j is no list', async data => {
  const http = {request: async () => ({status: 200, headers: {}, data})} as unknown as HttpClient
  await expect(idsOf(http, '/rooms')).rejects.toMatchObject({code: 'usage'})
})
