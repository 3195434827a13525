import type {ChartStyle} from '../../output/charts/canvas.js'
import type {Io} from '../../output/io.js'
import {isUnicodeLocale} from '../../output/terminal.js'
import type {Context} from '../context.js'

/** How charts are drawn for whoever looks; undefined where nobody does: in a pipe, and as JSON. */
export async function chartStyle({environment, settings}: Context, io: Io): Promise<ChartStyle | undefined> {
  if (io.stdout.isTTY !== true || settings.format === 'json') return undefined
  const {default: measure} = await import('string-width')
  const isUnicode = isUnicodeLocale({
    LC_ALL: environment.get('LC_ALL'),
    LC_CTYPE: environment.get('LC_CTYPE'),
    LANG: environment.get('LANG'),
    platform: process.platform,
  })
  return {isUnicode, measure}
}
