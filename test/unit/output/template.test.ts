import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {sanitizeLine} from '../../../src/lib/output/sanitize.js'
import {compileTemplate, type TemplateOptions} from '../../../src/lib/output/template.js'
import {FORBIDDEN, hostileText} from './hostile.js'

const fields = [
  ...['id', 'uuid', 'username', 'content', 'parent_id', 'thread_count', 'is_pinned'],
  ...['metadata.*', 'reactions.*'],
]

const options: TemplateOptions = {fields, source: '--format', clean: sanitizeLine}

const message = {
  id: 42,
  username: 'ada',
  content: 'a < b & "c"',
  parent_id: null,
  thread_count: 0,
  is_pinned: true,
  metadata: {build: {number: 7, tags: ['x', 'y']}, ok: false},
  reactions: [{emoji: '👍', count: 2}],
}

async function filled(template: string, values: Record<string, unknown> = message, more = {}) {
  return (await compileTemplate(template, {...options, ...more}))(values)
}

describe('a template', () => {
  it.each([
    ['values, without HTML escapes', '{{id}} {{username}}: {{content}}', '42 ada: a < b & "c"'],
    ['the forms of HTML the same', '{{{content}}} {{&content}}', 'a < b & "c" a < b & "c"'],
    ['what is not there as nothing', '[{{parent_id}}{{uuid}}{{metadata.none.at.all}}]', '[]'],
    ['0 and false', '{{thread_count}} {{metadata.ok}}', '0 false'],
    ['inner values', '{{metadata.build.number}}', '7'],
    ['objects and lists as JSON', '{{metadata.build}}', '{"number":7,"tags":["x","y"]}'],
    [
      'a section where there is a value',
      '{{#is_pinned}}pinned by {{username}}{{/is_pinned}}',
      'pinned by ada',
    ],
    [
      'no section where there is none',
      '{{#parent_id}}re {{parent_id}}{{/parent_id}}{{#thread_count}}x{{/thread_count}}',
      '',
    ],
    ['an inverted section', '{{^parent_id}}top{{/parent_id}}{{^id}}x{{/id}}', 'top'],
    [
      'a section for each of a list',
      '{{#reactions}}{{emoji}} {{count}} of {{id}}{{/reactions}}',
      '👍 2 of 42',
    ],
    ['the element itself', '{{#metadata.build.tags}}<{{.}}>{{/metadata.build.tags}}', '<x><y>'],
    [
      'nested sections',
      '{{#metadata}}{{#build}}{{number}}{{^number}}-{{/number}}{{/build}}{{/metadata}}',
      '7',
    ],
    ['a comment as nothing', 'a{{! not shown }}b', 'ab'],
    ['no value as nothing at all', '', ''],
  ])('shows %s', async (_what, template, text) => {
    expect(await filled(template)).toBe(text)
  })

  it('understands escapes where it is told to', async () => {
    const typed = String.raw`{{id}}\t{{content}}\n\\n\x`
    expect(await filled(typed, message, {escapes: true})).toBe('42\ta < b & "c"\n\\n\\x')
    expect(await filled(String.raw`{{#id}}a\n{{/id}}`, message, {escapes: true})).toBe('a\n')
    expect(await filled(String.raw`\n`)).toBe(String.raw`\n`)
  })

  it('leaves escapes in a value as they are', async () => {
    expect(await filled('{{content}}', {content: String.raw`a\nb`}, {escapes: true})).toBe(String.raw`a\nb`)
  })

  it('runs nothing and shows nothing that an object inherits', async () => {
    const names = ['constructor', '__proto__', 'toString', 'build.tags.map', 'hasOwnProperty']
    for (const name of names) expect(await filled(`{{metadata.${name}}}`)).toBe('')
    expect(await filled('{{#metadata}}{{hasOwnProperty}}{{constructor}}{{/metadata}}')).toBe('')
  })

  it('does not take a value for a template', async () => {
    expect(await filled('{{content}}', {content: '{{username}}', username: 'ada'})).toBe('{{username}}')
  })

  it('lets the caller keep values exact', async () => {
    expect(await filled('{{content}}', {content: 'a\x1bb\n'}, {clean: String})).toBe('a\x1bb\n')
  })

  it('brings a terminal nothing to act on, in any of its forms', async () => {
    const template = await compileTemplate(
      '{{content}}{{{content}}}{{&content}}{{#metadata}}{{.}}{{x}}{{/metadata}}{{metadata.x}}',
      options,
    )
    fc.assert(
      fc.property(hostileText, hostileText, (content, x) => {
        const text = template({content, metadata: {x}})
        expect(text).not.toMatch(FORBIDDEN)
        expect(text).not.toContain('\n')
      }),
    )
  })
})

describe('a template is refused', () => {
  const suggest = (name: string) => (name === 'usernme' ? 'username' : undefined)

  it.each([
    ['a name that is no field', '{{usernme}}', 'there is no field usernme'],
    ['one in a section', '{{#id}}{{nope}}{{/id}}', 'there is no field nope'],
    ['one of a section', '{{^nope}}{{/nope}}', 'there is no field nope'],
    ['what is in a field that has nothing in it', '{{content.length}}', 'there is no field content.length'],
    ['a name that only begins like one', '{{metadatax}}', 'there is no field metadatax'],
    ['what is no name', '{{a b\x1b[31m}}', 'there is no field (unreadable)'],
    ['an empty tag', '{{}}', 'there is no field (unreadable)'],
    ['a whole record', '{{.}}', 'there is no field .'],
    ['a tag without an end', 'abc {{id}} {{content', 'unclosed tag at character 12'],
    ['a tag without an end in a later line', 'abc\nd {{id', 'unclosed tag at line 2, character 3'],
    ['a section without an end', '{{#id}}abc', 'unclosed section "id" at character 11'],
    ['a section that ends another', '{{#id}}{{/content}}', 'unclosed section "id" at character 8'],
    ['the end of no section', 'ab{{/id}}', 'unopened section "id" at character 3'],
    ['a partial', 'a {{> other}}', 'has no partials: {{> at character 3'],
    ['a partial in a section', '{{#metadata}}{{> x}}{{/metadata}}', 'has no partials: {{> at character 14'],
    ['other delimiters', '{{=<% %>=}}<% nope %>', 'has no other delimiters: {{= at character 1'],
    ['delimiters that are none', '{{=x=}}', 'a tag that cannot be read at character 1'],
  ])('for %s', async (_what, template, message) => {
    await expect(compileTemplate(template, {...options, suggest})).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^--format:? /),
    })
    await expect(compileTemplate(template, {...options, suggest})).rejects.toThrow(message)
  })

  it('with the nearest name, else with all', async () => {
    await expect(compileTemplate('{{usernme}}', {...options, suggest})).rejects.toMatchObject({
      hint: 'did you mean username?',
    })
    await expect(compileTemplate('{{x}}', {...options, fields: ['id', 'metadata.*']})).rejects.toMatchObject({
      hint: 'there are id, metadata',
    })
  })
})
