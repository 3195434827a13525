import {hash} from 'node:crypto'

/** What a page has beside its data, made by the build. */
export interface PageAssets {
  readonly script: string
  readonly style: string
  /** What stands in the page before the script fills it. */
  readonly body: string
}

/** A page begins with this: the policy before anything it could hold back. */
export function pageHead({style, script, body}: PageAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src '${sourceHash(script)}'`,
    `style-src '${sourceHash(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ]
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    '<title>Veza export</title>',
    `<style>${style}</style>`,
    '</head>',
    `<body>${body}`,
    '',
  ].join('\n')
}

/** A page ends with this. */
export function pageTail({script}: PageAssets): string {
  return `<script>${script}</script>\n</body>\n</html>\n`
}

/** Begins and ends a block of data. */
export function blockAround(name: 'rows' | 'facts'): readonly [begin: string, end: string] {
  return [`<script type="application/json" class="${name}">`, '</script>\n']
}

/**
 * Data as JSON that cannot end its block or turn into anything else, whatever text is in it: what HTML or old JavaScript could take
 * for its own is escaped.
 */
export function blockJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function sourceHash(source: string): string {
  return `sha256-${hash('sha256', source, 'base64')}`
}
