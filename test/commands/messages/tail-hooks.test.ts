import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, recordsOf, useChat} from '../../support/chat.js'

/** Prints its message, but fails for `bad`. */
const HOOK =
  'test "$VEZA_MESSAGE_CONTENT" != bad && echo "$VEZA_MESSAGE_ROOM $VEZA_MESSAGE_AUTHOR: $VEZA_MESSAGE_CONTENT"'

describe.each(DIALECTS)('messages tail --exec, %s', dialect => {
  const chat = useChat({dialect})

  test('a command for each message, in order, with its fields; messages are not printed', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['one', '$(echo two)'])
    const args = ['messages', 'tail', name, '--last', '2', '--count', '3', '--exec', HOOK]
    const tail = chat.alice.start(args)
    await tail.sees('stderr', 'ready: ')
    await chat.post(id, ['three'])
    const run = await tail.ended
    expect(run.stdout).toBe(`${name} bob: one\n${name} bob: $(echo two)\n${name} bob: three\n`)
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(/\nended: done; 3 messages given to --exec; \d+\.\d s\n$/)
  })

  test('the record is on stdin', async () => {
    const {id, name} = await chat.room()
    const [message] = await chat.post(id, ['one'])
    const run = await chat.alice.run(['messages', 'tail', name, '-n', '1', '--count', '1', '--exec', 'cat'])
    expect(recordsOf(run)).toEqual([expect.objectContaining({id: message, content: 'one', room_id: id})])
  })

  test('one that keeps failing ends it with 1, and the cursor is before its message', async () => {
    const {id, name} = await chat.room()
    const args = ['messages', 'tail', name, '--resume', name, '--hook-retries', '0']
    await chat.alice.run([...args.slice(0, -2), '--until', '0s'])
    await chat.post(id, ['good', 'bad', 'never seen'])
    const run = await chat.alice.run([...args, '--exec', HOOK])
    expect(run).toMatchObject({code: 1, stdout: `${name} bob: good\n`})
    expect(run.stderr).toMatch(/(^|\n)error: hook failed for message \d+: exit code 1 \(tried 1 time\)\n/)
    const rest = await chat.alice.run(['messages', 'tail', name, '--resume', name, '--json', '--until', '0s'])
    expect(recordsOf(rest).map(({content}) => content)).toEqual(['bad', 'never seen'])
  })

  test('with a dead-letter file it goes on', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['bad', 'good'])
    const file = join(chat.alice.folder, `${name}-${dialect}.ndjson`)
    const args = ['messages', 'tail', name, '-n', '2', '--count', '2', '--resume', name, '--exec', HOOK]
    const run = await chat.alice.run([...args, '--hook-retries', '0', '--dead-letter', file])
    expect(run).toMatchObject({code: 0, stdout: `${name} bob: good\n`})
    const letters = recordsOf({stdout: readFileSync(file, 'utf8')})
    expect(letters).toEqual([
      expect.objectContaining({record: expect.objectContaining({content: 'bad'}), attempts: 1}),
    ])
    const rest = await chat.alice.run(['messages', 'tail', name, '--resume', name, '--json', '--until', '0s'])
    expect(rest.stdout).toBe('')
  })

  test('Ctrl-C lets the command under way end, and starts no other', async () => {
    const {id, name} = await chat.room()
    // Sent by the command itself, so that it comes before its end.
    // Two signals that wait for a process are handled in any order: the end of the command must come second.
    const handled = 'until grep -q "^ShdPnd:.0*$" /proc/$PPID/status; do :; done'
    const hook = `echo begin; kill -INT $PPID; ${handled}; echo end`
    const tail = chat.alice.start(['messages', 'tail', name, '--resume', name, '--exec', hook])
    await tail.sees('stderr', 'ready: ')
    await chat.post(id, ['one', 'two'])
    const run = await tail.ended
    expect(run).toMatchObject({code: 130, stdout: 'begin\nend\n'})
    const rest = await chat.alice.run(['messages', 'tail', name, '--resume', name, '--json', '--until', '0s'])
    expect(recordsOf(rest).map(({content}) => content)).toEqual(['two'])
  })
})
