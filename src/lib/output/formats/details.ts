import {sanitizeText} from '../sanitize.js'
import type {Column, ViewContext} from '../views/view.js'
import {cellText, rawText} from './cell.js'

/**
 * One record as lines of a name and a value: aligned at a terminal, where a value of several lines is indented under
 * its first and absent fields are left out; `name:<TAB>value` in a pipe, every field on one line.
 */
export function renderDetails<T>(fields: readonly Column<T>[], record: T, context: ViewContext): string {
  if (!context.isTTY) {
    return fields.map(field => `${field.header}:\t${cellText(field, record, context)}\n`).join('')
  }
  const indent = fields.reduce((most, {header}) => Math.max(most, header.length), 0) + 2
  return fields
    .map(field => ({field, raw: rawText(field, record, context)}))
    .filter(({raw}) => raw !== '')
    .map(({field, raw}) => {
      const label = context.style.dim(`${field.header}:`) + ' '.repeat(indent - field.header.length - 1)
      const value = sanitizeText(raw).replaceAll('\n', `\n${' '.repeat(indent)}`)
      return `${label}${field.paint?.(value, context.style, record) ?? value}\n`
    })
    .join('')
}
