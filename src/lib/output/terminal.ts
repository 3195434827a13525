/** How many colours to use: none, 16, 256, or all. */
export type ColourLevel = 0 | 1 | 2 | 3

/** What decides about colour. The values of the variables are passed in; an empty one counts as not set. */
export interface ColourInputs {
  readonly isTTY: boolean
  readonly noColorFlag?: boolean | undefined
  readonly NO_COLOR?: string | undefined
  readonly FORCE_COLOR?: string | undefined
  readonly TERM?: string | undefined
}

/** A terminal that does not say how wide it is. */
const DEFAULT_WIDTH = 80

/**
 * The colour level of a stream. First match: `--no-color`, `FORCE_COLOR` (0 or false for none, 1 to 3, else 1),
 * `NO_COLOR`, no terminal or `TERM=dumb` (none), a `TERM` with 256color (2), else 1.
 */
export function colourLevel(inputs: ColourInputs): ColourLevel {
  if (inputs.noColorFlag) return 0
  if (inputs.FORCE_COLOR) return forcedLevel(inputs.FORCE_COLOR)
  if (inputs.NO_COLOR || !inputs.isTTY || inputs.TERM === 'dumb') return 0
  return inputs.TERM?.includes('256color') ? 2 : 1
}

/** The width of a terminal in columns; 80 where it is not known. */
export function terminalWidth(columns: number | undefined): number {
  return columns === undefined || columns <= 0 ? DEFAULT_WIDTH : columns
}

function forcedLevel(value: string): ColourLevel {
  if (value === '0' || value === 'false') return 0
  if (value === '2') return 2
  return value === '3' ? 3 : 1
}

/** What decides whether a terminal shows more than ASCII. An empty variable counts as not set. */
export interface LocaleInputs {
  readonly LC_ALL?: string | undefined
  readonly LC_CTYPE?: string | undefined
  readonly LANG?: string | undefined
  /** As `process.platform`. */
  readonly platform: string
}

/** Whether the locale is one of UTF-8, by the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set. Windows has none and can. */
export function isUnicodeLocale({LC_ALL, LC_CTYPE, LANG, platform}: LocaleInputs): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG
  return locale === undefined || locale === '' ? platform === 'win32' : /utf-?8/i.test(locale)
}
