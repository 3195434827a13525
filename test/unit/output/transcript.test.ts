import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {Message} from '../../../src/contract/resources.js'
import {createStyle} from '../../../src/lib/output/style.js'
import {createTranscript, type TranscriptOptions} from '../../../src/lib/output/transcript.js'
import {pipe, terminal} from './capture.js'
import {FORBIDDEN, hostileText, markingStyle} from './hostile.js'

/** A local time of 2026, so that the test holds in every time zone. */
const local = (month: number, day: number, hour = 9) => new Date(2026, month - 1, day, hour, 7, 3)
const today = {...terminal, now: local(11, 22, 12)}
const at = local(11, 22).toISOString()

const message = (fields: Partial<Message> = {}): Message => ({
  id: 1,
  username: 'ada',
  content: 'hello',
  created_at: at,
  room_id: 15,
  room_name: 'general',
  ...fields,
})

async function transcriptOf(options: Partial<TranscriptOptions> = {}, context = today) {
  const view = await createTranscript({isTTY: true, withChannel: false, ...options})
  return (fields?: Partial<Message>) => view.line!(message(fields), context)
}

describe('at a terminal', () => {
  it('a message is time, author and content', async () => {
    const show = await transcriptOf()
    expect(show()).toBe('09:07:03 ada: hello')
  })

  it('a highlighter of its own takes the place of patterns and of the name', async () => {
    const highlighter = (text: string) => text.replace('hello', 'HELLO')
    const show = await transcriptOf(
      {highlighter, highlight: [/ada/], me: 'ada'},
      {...today, style: markingStyle},
    )
    expect(show({content: 'hello @ada'})).toContain(': HELLO @ada')
  })

  it('a message that came late says so where no content can', async () => {
    const show = await transcriptOf()
    expect(show({late: true})).toBe('09:07:03 ada (late): hello')
    expect(show({late: 'yes'})).toBe('09:07:03 ada: hello')
  })

  it.each<[string, Partial<Message>, string]>([
    ['a room with a name', {}, '#general'],
    ['a room without', {room_name: undefined}, '#15'],
    ['a conversation', {room_id: undefined, conversation_id: 3}, 'dm 3'],
  ])('of several channels it names %s', async (_what, fields, place) => {
    const show = await transcriptOf({withChannel: true})
    expect(show(fields)).toBe(`09:07:03 ${place} ada: hello`)
  })

  it('calls a channel what it is told to', async () => {
    const show = await transcriptOf({withChannel: true, channelName: ({username}) => `@${username}\x1b[2J`})
    expect(show()).toBe('09:07:03 @ada ada: hello')
  })
})

describe('days', () => {
  const on = (month: number, day: number) => ({created_at: local(month, day).toISOString()})

  it('are told of when they change, and today not at the beginning', async () => {
    const show = await transcriptOf()
    expect(show(on(11, 22))).toBe('09:07:03 ada: hello')
    expect(show(on(11, 22))).toBe('09:07:03 ada: hello')
    expect(show(on(11, 23))).toBe('── Monday, 23 November 2026 ──\n09:07:03 ada: hello')
    expect(show(on(11, 23))).toBe('09:07:03 ada: hello')
  })

  it('are told of at the beginning where it is another one', async () => {
    const show = await transcriptOf()
    expect(show(on(11, 21))).toBe('── Saturday, 21 November 2026 ──\n09:07:03 ada: hello')
    expect(show(on(11, 22))).toBe('── Sunday, 22 November 2026 ──\n09:07:03 ada: hello')
  })

  it('with the same number in another month are others', async () => {
    const show = await transcriptOf()
    expect(show(on(10, 22))).toContain('── Thursday, 22 October 2026 ──\n')
  })

  it.each([undefined, 'yesterday'])('are none for the time %s', async time => {
    const show = await transcriptOf()
    expect(show({created_at: time})).toBe('--:--:-- ada: hello')
    expect(show(on(11, 22))).toBe('09:07:03 ada: hello')
  })
})

describe('replies', () => {
  it('come with what they answer', async () => {
    const show = await transcriptOf()
    show({id: 41, username: 'bob', content: 'deploy?\nnow?'})
    expect(show({id: 42, parent_id: 41})).toBe('  ↳ bob: deploy?⏎now?\n09:07:03 ada: hello')
    expect(show({id: 43, parent_id: 42})).toContain('  ↳ ada: hello\n')
  })

  it('name the id of what is not known', async () => {
    const show = await transcriptOf()
    expect(show({id: 42, parent_id: 41})).toBe('09:07:03 ada ↳ #41: hello')
  })

  it('do not mix rooms with conversations', async () => {
    const show = await transcriptOf()
    show({id: 41, room_id: undefined, conversation_id: 3, content: 'secret'})
    expect(show({id: 42, parent_id: 41})).toBe('09:07:03 ada ↳ #41: hello')
    expect(show({id: 42, parent_id: 41, conversation_id: 3})).toContain('  ↳ ada: secret\n')
  })

  it('know the last 500 messages', async () => {
    const show = await transcriptOf()
    for (let id = 1; id <= 501; id++) show({id, content: `text ${id}`})
    expect(show({id: 502, parent_id: 2})).toContain('↳ ada: text 2\n')
    expect(show({id: 503, parent_id: 1})).toBe('09:07:03 ada ↳ #1: hello')
  })

  it.each([
    ['letters', 'x'.repeat(100), `${'x'.repeat(59)}…`],
    ['wide characters', '漢'.repeat(100), `${'漢'.repeat(29)}…`],
    ['emoji of several parts', '👨‍👩‍👧'.repeat(40), `${'👨‍👩‍👧'.repeat(29)}…`],
    ['60 columns exactly', '漢'.repeat(30), '漢'.repeat(30)],
  ])('quote 60 columns of %s', async (_what, content, quoted) => {
    const show = await transcriptOf()
    show({id: 41, content})
    expect(show({id: 42, parent_id: 41})).toBe(`  ↳ ada: ${quoted}\n09:07:03 ada: hello`)
  })

  it('quote what has no width as far as it matters', async () => {
    const show = await transcriptOf()
    show({id: 41, content: `${'\u0301'.repeat(100_000)}end`})
    const quote = show({id: 42, parent_id: 41})
    expect(quote.length).toBeLessThan(600)
    expect(quote).toContain('…\n')
  })

  it('stay on one line of a narrow terminal', async () => {
    const show = await transcriptOf({}, {...today, width: 20})
    show({id: 41, content: 'a long text, longer than that'})
    expect(show({id: 42, parent_id: 41})).toBe('  ↳ ada: a long tex…\n09:07:03 ada: hello')
  })

  it('cannot be forged by a content of several lines', async () => {
    const show = await transcriptOf()
    const forged = show({content: 'x\n  ↳ root: do it\n── Monday ──\n09:00:00 root: y'})
    for (const line of forged.split('\n').slice(1)) expect(line).toMatch(/^ {9}/)
  })
})

describe('what is set off', () => {
  const style = markingStyle

  it('are highlights and mentions of oneself', async () => {
    const show = await transcriptOf({highlight: [/deploy/], me: 'ada'}, {...today, style})
    expect(show({content: 'deploy, @ada\n@bob'})).toBe(
      '09:07:03 ada: \ue000deploy\ue001, \ue000@ada\ue001\n         @bob',
    )
  })

  it('is no mention without a name', async () => {
    const show = await transcriptOf({}, {...today, style})
    expect(show({content: '@ada'})).toBe('09:07:03 ada: @ada')
  })

  it('is real colour', async () => {
    const colour = await createStyle(1)
    const show = await transcriptOf({highlight: [/deploy/]}, {...today, style: colour})
    expect(show({content: 'deploy'})).toContain(colour.bold(colour.yellow('deploy')))
  })
})

describe('in a pipe', () => {
  const inPipe = (options: Partial<TranscriptOptions> = {}) => transcriptOf({isTTY: false, ...options}, pipe)

  it('is one line of three columns and no state', async () => {
    const show = await inPipe({highlight: [/hello/], me: 'ada'})
    const line = `${at}\tada\thello`
    expect(show({id: 41})).toBe(line)
    expect(show({id: 42, parent_id: 41, late: true})).toBe(line)
    const before = local(3, 1).toISOString()
    expect(show({created_at: before, content: 'a\nb'})).toBe(`${before}\tada\ta⏎b`)
  })

  it('has the channel as a fourth column', async () => {
    const show = await inPipe({withChannel: true})
    expect(show()).toBe(`${at}\tada\thello\t#general`)
    expect(show({room_name: 'a\tb\n'})).toBe(`${at}\tada\thello\t#a⇥b⏎`)
  })
})

describe('hostile text', () => {
  it.each([true, false])('never reaches a stream; terminal: %s', async isTTY => {
    const context = {...(isTTY ? today : pipe), style: markingStyle}
    const anything = fc.record({
      username: hostileText,
      content: hostileText,
      created_at: fc.oneof(hostileText, fc.constant(at)),
      room_name: hostileText,
      parent_id: fc.constantFrom(null, 1, 2, 99),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(anything, {maxLength: 4}), async all => {
        const highlight = [/deploy/, /[^a]/, /\[/, /m|@/]
        const view = await createTranscript({isTTY, withChannel: true, highlight, me: 'ada'})
        for (const [index, fields] of all.entries()) {
          const text = view.line!(message({...fields, id: index + 1}), context)
          expect(text).not.toMatch(FORBIDDEN)
        }
      }),
    )
  })
})
