import {describe, expect, it} from 'vitest'
import type {CompletionTree} from '../../../../src/lib/cli/complete/tree.js'
import {wanted} from '../../../../src/lib/cli/complete/wanted.js'

const TREE: CompletionTree = {
  commands: {
    'rooms:get': {summary: 'Show one', args: [{kind: 'room'}], flags: [0, 1, 2]},
    'rooms:members:list': {summary: 'List', args: [{kind: 'room'}], flags: [0]},
    'messages:tail': {summary: 'Follow', args: [{kind: 'room', multiple: true}], flags: [0, 3, 4]},
    'files:upload': {summary: 'Upload', args: [{kind: 'file', multiple: true}], flags: [0, 3]},
    api: {summary: 'Call', args: [{kind: ['GET', 'POST']}, {kind: 'none'}], flags: [0]},
    'api:ws': {summary: 'Frames', args: [], flags: [0]},
  },
  topics: {rooms: 'Rooms', 'rooms:members': 'Who is in', messages: 'Messages', files: 'Files'},
  flags: [
    {name: 'json', summary: 'JSON'},
    {name: 'filter', summary: 'Only these', kind: ['joined', 'owned']},
    {name: 'ca', summary: 'Trust', kind: 'file'},
    {name: 'room', char: 'r', summary: 'The room', kind: 'room', multiple: true},
    {name: 'from', summary: 'Of', kind: 'user', multiple: true},
  ],
}

/** The words offered, then what else is looked for, after a line whose last word is the cursor's. */
function offered(...words: string[]) {
  const {words: found, kind, kept, typed} = wanted(TREE, words.slice(0, -1), words.at(-1) ?? '')
  return {words: found.map(({value}) => value), kind, kept, typed}
}

describe('commands', () => {
  it('the first word: commands, topics and help', () => {
    expect(offered('').words).toEqual(['rooms', 'messages', 'files', 'api', 'help'])
    expect(offered('-').words).toEqual(['--help', '--version'])
    expect(wanted(TREE, [], 'ro').words).toEqual([{value: 'rooms', summary: 'Rooms'}])
  })

  it('the next word of a topic, and of a topic within it', () => {
    expect(offered('rooms', '').words).toEqual(['get', 'members'])
    expect(offered('rooms', 'members', '').words).toEqual(['list'])
    expect(offered('help', 'rooms', 'g').words).toEqual(['get'])
  })

  it('what is a command and a topic offers both', () => {
    expect(offered('api', '').words).toEqual(['ws', 'GET', 'POST'])
    expect(offered('api', 'ws', '').words).toEqual([])
  })

  it('words that are no command offer nothing', () => {
    expect(offered('nonsense', '')).toMatchObject({words: [], kind: 'none'})
    expect(offered('constructor', '')).toMatchObject({words: [], kind: 'none'})
  })
})

describe('flags and arguments', () => {
  it('flags, each once but those that may be repeated', () => {
    expect(offered('messages', 'tail', '--').words).toEqual(['--json', '--room', '--from', '--help'])
    expect(offered('messages', 'tail', '--json', '--room', 'x', '--').words).toEqual([
      '--room',
      '--from',
      '--help',
    ])
    expect(offered('rooms', 'get', '--filter=joined', '--f').words).toEqual([])
  })

  it.each([
    [['rooms', 'get', 'ge'], 'room', '', 'ge'],
    [['rooms', 'get', 'general', ''], 'none', '', ''],
    [['rooms', 'get', '--json', ''], 'room', '', ''],
    [['rooms', 'get', '--ca', ''], 'file', '', ''],
    [['rooms', 'get', '--ca=x.pem', ''], 'room', '', ''],
    [['messages', 'tail', 'a', 'b', ''], 'room', '', ''],
    [['messages', 'tail', '-r', 'ge'], 'room', '', 'ge'],
    [['messages', 'tail', '-rgeneral', ''], 'room', '', ''],
    [['messages', 'tail', '--room=ge'], 'room', '--room=', 'ge'],
    [['messages', 'tail', '--room=a=b'], 'room', '--room=', 'a=b'],
    [['messages', 'tail', '--from', 'bob,al'], 'user', 'bob,', 'al'],
    [['messages', 'tail', '--from=bob,al'], 'user', '--from=bob,', 'al'],
    [['messages', 'tail', '--', '-x'], 'room', '', '-x'],
    [['files', 'upload', '-', ''], 'file', '', ''],
    [['messages', 'tail', '--nope=1'], 'none', '--nope=', '1'],
  ])('%j', (words, kind, kept, typed) => {
    expect(offered(...words)).toEqual({words: [], kind, kept, typed})
  })

  it('words of a flag', () => {
    expect(offered('rooms', 'get', '--filter', '').words).toEqual(['joined', 'owned'])
    expect(offered('rooms', 'get', '--filter=o')).toMatchObject({words: ['owned'], kept: '--filter='})
  })
})
