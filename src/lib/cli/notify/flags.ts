import {custom} from '@oclif/core/flags'
import {VezaError} from '../../errors/veza-error.js'
import {parseStatus, type RunStatus, STATUS_NAMES} from '../ci/status.js'
import {reader, switchFlag, textFlag} from '../flags.js'
import type {Field} from './values.js'

/** The flags of `veza notify` that are its own. */
export const notifyFlags = {
  status: custom<RunStatus>({
    summary: 'How the run stands; by default what the CI system says of it',
    helpValue: `(${STATUS_NAMES.join('|')})`,
    parse: reader(parseStatus, '--status'),
  })(),
  title: textFlag({
    summary: 'What the message is about, in place of repository, branch and commit',
    helpValue: 'TEXT',
  }),
  field: custom<Field>({
    summary: 'A line of the message, can be given again',
    helpValue: 'NAME=VALUE',
    multiple: true,
    multipleNonGreedy: true,
    parse: reader(parseField, '--field'),
  })(),
  template: textFlag({
    summary: 'What the message looks like: a file with {{fields}}; --preview shows the result',
    helpValue: 'FILE',
  }),
  attach: custom<string>({
    summary: 'Upload this file and name it in the message, can be given again',
    helpValue: 'FILE',
    multiple: true,
    multipleNonGreedy: true,
  })(),
  'thread-key': custom<string>({
    summary: 'Answer the first message that was sent under this key',
    helpValue: 'KEY',
    parse: reader(notBlank, '--thread-key'),
  })(),
  upsert: switchFlag({summary: 'Keep one message for each CI run: give it the new text, or send it'}),
  once: switchFlag({
    summary: 'Send this text once in this job of a CI run, however often the job is tried again',
  }),
  preview: switchFlag({summary: 'Print what would be sent, and send nothing'}),
  'soft-fail': switchFlag({summary: 'End with 0 and a warning, whatever happens'}),
}

/** `name=value` as a field. @throws {VezaError} `usage` without a name or an equals sign. */
export function parseField(text: string, label: string): Field {
  const at = text.indexOf('=')
  if (at < 1) throw new VezaError('usage', `${label} wants NAME=VALUE`)
  return {name: text.slice(0, at), value: text.slice(at + 1)}
}

function notBlank(text: string, label: string): string {
  if (text.trim() === '') throw new VezaError('usage', `${label} is empty`, {hint: 'is the variable set?'})
  return text
}
