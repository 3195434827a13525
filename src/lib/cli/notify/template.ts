import {VezaError} from '../../errors/veza-error.js'
import {compileTemplate, type Template} from '../../output/template.js'
import {readUtf8File} from '../message-body.js'
import {nearest} from '../nearest.js'
import {FIELDS} from './values.js'

/** What a message looks like where no `--template` says otherwise. */
export const BUILT_IN = `{{headline}}
{{#title}}
{{#source}}
{{source}}
{{/source}}
{{/title}}
{{#job}}
job: {{job}}
{{/job}}
{{#run_url}}
run: {{run_url}}
{{/run_url}}
{{#fields}}
{{name}}: {{value}}
{{/fields}}
{{#attachments}}
file: {{name}} {{url}}
{{/attachments}}
{{#message}}

{{message}}
{{/message}}
`

/**
 * The template in a file, or the built-in one.
 * @throws {VezaError} `usage` for a mistake in it, such as a field that there is not; as `readUtf8File`.
 */
export async function openTemplate(file: string | undefined, signal: AbortSignal): Promise<Template> {
  const source = file === undefined ? 'the built-in template' : `--template ${file}`
  const text = file === undefined ? BUILT_IN : await readUtf8File(file, signal)
  // The values are clean already: each in its own way.
  return compileTemplate(text, {fields: FIELDS, source, clean: String, suggest: nearest})
}

/**
 * The text of a message, without the empty lines around it.
 * @throws {VezaError} `usage` where nothing is left: the message would say nothing.
 */
export function fillIn(template: Template, values: Readonly<Record<string, unknown>>): string {
  const content = template(values).replace(/^\s*\n|\s+$/g, '')
  if (content === '')
    throw new VezaError('usage', 'there is nothing to say', {
      hint: 'give MESSAGE, --title, --status or --field; nothing is known of a CI run here',
    })
  return content
}
