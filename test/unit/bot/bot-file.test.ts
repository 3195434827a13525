import {assert, constantFrom, dictionary, jsonValue, oneof, property, string} from 'fast-check'
import {describe, expect, test} from 'vitest'
import {parseBotFile} from '../../../src/lib/bot/bot-file.js'
import type {VezaError} from '../../../src/lib/errors/veza-error.js'

const PLACE = {name: 'bot.yml', folder: '/srv/bot'}

function faultOf(text: string): string {
  try {
    parseBotFile(text, PLACE)
  } catch (error) {
    expect(error).toMatchObject({code: 'config'})
    return (error as VezaError).message
  }
  throw new Error('no error')
}

describe('parseBotFile', () => {
  test('replies, programs and modules, with all that can be said of them', () => {
    const {folder} = PLACE
    const commands = parseBotFile(
      `# what our bot can do
commands:
  Rules: {summary: The rules, reply: "be kind, {{user}}"}
  deploy:
    summary: Deploys
    run: [./deploy.sh, "{{1}}", "{{*}}"]
    timeout: 2m
    allow: {roles: [owner, admin], users: ["@alice", 7]}
    rate: 3/1m
  date:
    run: [date]
  joke: {module: ./jokes/joke.mjs, timeout: 5}
`,
      PLACE,
    )
    expect([...commands.values()]).toEqual([
      {name: 'rules', summary: 'The rules', action: {type: 'reply', template: 'be kind, {{user}}'}},
      {
        name: 'deploy',
        summary: 'Deploys',
        allow: {roles: ['owner', 'admin'], users: ['@alice', '7']},
        rate: {amount: 3, perMs: 60_000},
        action: {type: 'run', words: ['/srv/bot/deploy.sh', '{{1}}', '{{*}}'], folder, timeoutMs: 120_000},
      },
      {name: 'date', action: {type: 'run', words: ['date'], folder, timeoutMs: 30_000}},
      {name: 'joke', action: {type: 'module', path: '/srv/bot/jokes/joke.mjs', timeoutMs: 5000}},
    ])
    expect([...commands.keys()]).toEqual(['rules', 'deploy', 'date', 'joke'])
  })

  test('JSON is YAML', () => {
    expect(parseBotFile('{"commands": {"hi": {"reply": "hello"}}}', PLACE).size).toBe(1)
  })

  test.each([
    ['commands:\n  x: {reply: a, sumary: b}', 'bot.yml:2: the command x has no key "sumary"'],
    ['comands: {}', 'bot.yml:1: a command file has no key "comands"'],
    ['commands:\n  x: {reply: a}\n  X: {reply: b}', 'bot.yml:3: the command x is there twice'],
    ['commands:\n  x: {reply: a}\n  x: {reply: b}', 'bot.yml:3: Map keys must be unique'],
    ['commands:\n  "": {reply: a}', 'bot.yml:2: a key wants a text'],
    ['commands:\n  "a b": {reply: a}', 'bot.yml:2: "a b" is no name for a command'],
    ['commands:\n  Ping: {reply: a}', 'bot.yml:2: the command ping is built in'],
    ['commands:\n  x: hello', 'bot.yml:2: the command x wants a map of keys and values'],
    ['commands:\n  x:', 'bot.yml:2: the command x wants a map of keys and values'],
    ['commands: []', 'bot.yml:1: commands wants a map of keys and values'],
    ['- x', 'bot.yml:1: a command file wants a map of keys and values'],
    ['', 'bot.yml:1: a command file wants a map of keys and values'],
    ['commands:\n  x:\n    summary: nothing\n', 'bot.yml:2: the command x wants one of: reply, run, module'],
    [
      'commands:\n  x:\n    reply: a\n    run: [b]\n',
      'bot.yml:4: the command x wants one of: reply, run, module',
    ],
    ['commands:\n  x:\n    reply: [a]', 'bot.yml:3: reply wants a text'],
    ['commands:\n  x:\n    reply: "{{usr}}"', 'bot.yml:3: reply names {{usr}}, which there is not'],
    ['commands:\n  x:\n    reply: "{{*}}"', 'bot.yml:3: reply has {{*}} where it cannot be'],
    ['commands:\n  x:\n    reply: "all: {{*}}"', 'bot.yml:3: reply has {{*}} where it cannot be'],
    ['commands:\n  x:\n    run: [a, "-m{{*}}"]', 'bot.yml:3: run has {{*}} where it cannot be'],
    ['commands:\n  x:\n    run: ["{{*}}"]', 'bot.yml:3: the program of run has {{*}} where it cannot be'],
    ['commands:\n  x:\n    run: ./a b', 'bot.yml:3: run wants a list'],
    ['commands:\n  x:\n    run: []', 'bot.yml:3: run wants a list'],
    ['commands:\n  x:\n    run:\n      - a\n      - {b: c}', 'bot.yml:5: run wants a text'],
    [
      'commands:\n  x:\n    run: ["{{1}}"]',
      'bot.yml:3: the program of run must not be chosen by who calls it',
    ],
    ['commands:\n  x:\n    run: [a]\n    timeout: soon', 'bot.yml:4: timeout wants a duration'],
    ['commands:\n  x:\n    run: [a]\n    timeout: 0', 'bot.yml:4: timeout wants more than no time'],
    ['commands:\n  x:\n    reply: a\n    timeout: 5s', 'bot.yml:4: a reply takes no time: it has no timeout'],
    ['commands:\n  x:\n    reply: a\n    rate: often', 'bot.yml:4: rate wants a number and a duration'],
    [
      'commands:\n  x:\n    reply: a\n    allow: {roles: [boss]}',
      'bot.yml:4: roles wants some of: owner, moderator, member, admin',
    ],
    ['commands:\n  x:\n    reply: a\n    allow: {}', 'bot.yml:4: allow wants roles or users'],
    ['commands:\n  x:\n    reply: a\n    allow: {who: [a]}', 'bot.yml:4: allow has no key "who"'],
    ['commands:\n  x: {reply: "a', 'bot.yml:2: Missing closing "quote'],
    ['commands:\n  a: &one {reply: a}\n  b: *one', 'bot.yml:3: the command b wants a map of keys and values'],
  ])('%j: %s', (text, message) => {
    expect(faultOf(text)).toBe(message)
  })
})

describe('whatever a file holds', () => {
  const orFault = (text: string): void => {
    try {
      parseBotFile(text, PLACE)
    } catch (error) {
      expect(error).toMatchObject({code: 'config', message: expect.stringMatching(/^bot\.yml(:\d+)?: \S/)})
    }
  }

  test('any text', () => {
    assert(property(string({unit: 'grapheme', maxLength: 200}), orFault))
  })

  test('any values at known keys', () => {
    const key = oneof(constantFrom('reply', 'run', 'module', 'timeout', 'allow', 'rate', 'summary'), string())
    const commands = dictionary(
      oneof(constantFrom('a', 'B', 'ping'), string()),
      oneof(dictionary(key, jsonValue()), jsonValue()),
    )
    assert(property(commands, all => orFault(JSON.stringify({commands: all}))))
  })
})
