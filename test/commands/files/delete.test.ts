import {describe, expect, test} from 'vitest'
import {type Chat, DIALECTS, errorOf, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

async function upload(chat: Chat, username: 'alice' | 'bob' = 'alice'): Promise<string> {
  const body = new FormData()
  body.append('room_id', '1')
  body.append('file', new Blob(['x']), 'x')
  const response = await fetch(`${chat.url}/api/v1/files/upload`, {
    ...{method: 'POST', body, headers: {authorization: `Bearer ${chat.token(username)}`}},
  })
  const {data} = (await response.json()) as {data: {file_id: number}}
  return `${data.file_id}`
}

async function statusOf(chat: Chat, id: string): Promise<number> {
  const response = await fetch(`${chat.url}/api/v1/files/${id}/download`, {
    headers: {authorization: `Bearer ${chat.token('alice')}`},
  })
  await response.arrayBuffer()
  return response.status
}

describe.each(DIALECTS)('files delete, %s', dialect => {
  const chat = useChat({dialect})

  test('deletes, by id or address, and says so; --json is a record for each', async () => {
    const [one, two, three] = [await upload(chat), await upload(chat), await upload(chat)]
    expect(await chat.alice.run(['files', 'delete', one, '--yes'])).toEqual({
      ...{code: 0, stdout: '', stderr: `deleted file ${one}\n`},
    })
    const address = `${chat.url}/api/v1/files/${three}/download`
    const run = await chat.alice.run(['files', 'delete', two, address, '-y', '--json', '--quiet'])
    expect(run).toMatchObject({code: 0, stderr: ''})
    expect(recordsOf(run)).toEqual([two, three].map(id => ({file_id: Number(id), deleted: true})))
    for (const id of [one, two, three]) expect(await statusOf(chat, id)).toBe(404)
  })

  test('asks at a terminal, and needs --yes elsewhere', async () => {
    const id = await upload(chat)
    const silent = await chat.alice.run(['files', 'delete', id, '--json'])
    expect(silent).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(silent)).toMatchObject({hint: 'confirm it with --yes'})
    const prompt = `Really delete file ${id}?`
    const no = await atTerminal(chat.alice, ['files', 'delete', id], {typing: [{prompt, typed: 'n\r'}]})
    expect([no.code, await statusOf(chat, id)]).toEqual([1, 200])
    const yes = await atTerminal(chat.alice, ['files', 'delete', id], {typing: [{prompt, typed: 'y\r'}]})
    expect([yes.code, await statusOf(chat, id)]).toEqual([0, 404])
  })

  test('of a file of another is forbidden; what was deleted before it is told', async () => {
    const [own, other] = [await upload(chat, 'bob'), await upload(chat)]
    const run = await chat.bob.run(['files', 'delete', own, other, '999', '--yes'])
    expect(run).toMatchObject({code: 9, stdout: ''})
    expect(run.stderr).toMatch(new RegExp(`^deleted file ${own}\nerror: `))
    expect([await statusOf(chat, own), await statusOf(chat, other)]).toEqual([404, 200])
    expect((await chat.alice.run(['files', 'delete', '999', '--yes'])).code).toBe(7)
  })
})
