import type {ChartStyle} from '../../output/charts/canvas.js'
import {isUnicodeLocale} from '../../output/terminal.js'
import type {Context} from '../context.js'

/** How charts are drawn for whoever looks; undefined where nobody does: in a pipe, and in a format for programs. */
export async function chartStyle({environment, out}: Context): Promise<ChartStyle | undefined> {
  if (!out.isForPerson) return undefined
  const {default: measure} = await import('string-width')
  const isUnicode = isUnicodeLocale({
    LC_ALL: environment.get('LC_ALL'),
    LC_CTYPE: environment.get('LC_CTYPE'),
    LANG: environment.get('LANG'),
    platform: process.platform,
  })
  return {isUnicode, measure}
}
