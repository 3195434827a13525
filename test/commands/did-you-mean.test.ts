import {describe, expect, it} from 'vitest'
import {DIALECTS, useChat} from '../support/chat.js'
import {makeHome} from '../support/veza.js'

describe('did you mean', () => {
  it.each([
    ['mesages', 'did you mean: veza messages'],
    ['mesages list', 'did you mean: veza messages list'],
    ['messages lst', 'did you mean: veza messages list'],
    ['room get general', 'did you mean: veza rooms get'],
    ['Rooms get general', 'did you mean: veza rooms get'],
    ['auth kyes create x', 'did you mean: veza auth keys create'],
    ['rooms frobnicate', 'see veza rooms --help'],
    ['frobnicate', 'see veza --help'],
    ['--quiet rooms list', 'flags go behind the command; see veza --help'],
    ['messages list --limt 3', 'did you mean --limit?'],
    ['messages list --LIMIT 3', 'did you mean --limit?'],
    ['messages list --limt=3 --befor 2', 'did you mean --limit and --before?'],
    ['rooms list --filter joind', 'did you mean joined?'],
    ['messages tail general --types mesage', 'did you mean message?'],
    ['sandbox --dialect refrence', 'did you mean reference?'],
    ['completion powershel', 'did you mean powershell?'],
    ['config get servr', 'did you mean server?'],
  ])('%s', async (line, hint) => {
    const {code, stdout, stderr} = await makeHome().run(line.split(' '))
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toMatch(/^error: .+\nhint: .+\n$/)
    expect(stderr).toContain(`hint: ${hint}\n`)
  })

  it('what is near to nothing gets no guess, and is not repeated', async () => {
    for (const line of ['messages list --hunter2', 'rooms list --filter hunter2', 'completion hunter2']) {
      const {code, stderr} = await makeHome().run(line.split(' '))
      expect(code).toBe(2)
      expect(stderr).not.toContain('did you mean')
    }
    expect((await makeHome().run(['rooms', 'list', '--filter', 'hunter2'])).stderr).not.toContain('hunter2')
  })
})

describe.each(DIALECTS)('did you mean, names of the server, %s', dialect => {
  const chat = useChat({dialect})

  it('a room', async () => {
    const {code, stderr} = await chat.alice.run(['rooms', 'get', 'genral'])
    expect(code).toBe(7)
    expect(stderr).toContain('hint: did you mean "general"?\n')
  })

  it.each([
    ['alcie', '"alice"'],
    ['bbo', undefined],
    ['boob', '"bob" or "bot"'],
    ['zorro', undefined],
  ])('a user %s', async (name, near) => {
    const {code, stderr} = await chat.alice.run(['dm', 'send', name, 'hello'])
    expect(code).toBe(7)
    const hint =
      near === undefined
        ? 'user names are matched exactly, upper and lower case too'
        : `did you mean ${near}?`
    expect(stderr).toContain(`hint: ${hint}\n`)
  })
})
