import type {ColourLevel} from './terminal.js'

type Paint = (text: string) => string

/** The few ways text is set off at a terminal. Give these sanitised text only. */
export interface Style {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly cyan: Paint
  /** A user's name in a colour of its own, the same in every run. `key` (default: the text) chooses the colour. */
  author(name: string, key?: string): string
}

/** Colours that read well on black and on white; chalk finds the nearest where there are only 256 or 16. */
const AUTHOR_COLOURS = [
  ...['#005fff', '#0087af', '#0087ff', '#00afaf', '#5f5faf', '#5f875f', '#5faf5f', '#875faf', '#87875f'],
  ...['#af00af', '#af5f00', '#af5faf', '#af8700', '#d7005f', '#d75f00', '#d75f87', '#d78700', '#ff5f00'],
]

const identity: Paint = text => text

/** The style of a pipe: text unchanged. */
export const plainStyle: Style = {
  bold: identity,
  dim: identity,
  red: identity,
  green: identity,
  yellow: identity,
  cyan: identity,
  author: identity,
}

/** The style for a colour level; chalk is loaded only above level 0. */
export async function createStyle(level: ColourLevel): Promise<Style> {
  if (level === 0) return plainStyle
  const {Chalk} = await import('chalk')
  const chalk = new Chalk({level})
  return {
    bold: chalk.bold,
    dim: chalk.dim,
    red: chalk.red,
    green: chalk.green,
    yellow: chalk.yellow,
    cyan: chalk.cyan,
    author: (name, key = name) => chalk.hex(authorColour(key))(name),
  }
}

/** FNV-1a: short names that differ by one character get different colours. */
function authorColour(name: string): string {
  let hash = 0x811c9dc5
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return AUTHOR_COLOURS[hash % AUTHOR_COLOURS.length] ?? ''
}
