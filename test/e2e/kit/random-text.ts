/** Pieces that have broken chat clients: joiners, combining marks, line breaks of all kinds, controls, both ends of UTF-16. */
const PIECES = [
  ...[
    'a',
    'Z',
    ' ',
    '  ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\\',
    '\\n',
    '"',
    "'",
    '`',
    '$HOME',
    '%s',
    '{{x}}',
    '<b>',
    '&amp;',
  ],
  ...[
    'é',
    'e\u0301',
    '\u0301',
    '\u0308\u0323',
    'ß',
    'ﬃ',
    '日本語',
    'العربية',
    'עברית',
    '\u{1F600}',
    '\u{10FFFF}',
    '\uFFFD',
  ],
  ...[
    '👩‍👩‍👧‍👦',
    '🏳️‍🌈',
    '🇩🇪',
    '👍🏽',
    '\u200D',
    '\uFE0F',
    '\u200B',
    '\uFEFF',
    '\u00AD',
    '\u2028',
    '\u2029',
    '\u202E',
    '\u2066',
    '\u0085',
  ],
  ...Array.from({length: 31}, (_, index) => String.fromCharCode(index + 1)),
  ...Array.from({length: 33}, (_, index) => String.fromCharCode(index + 0x7f)),
]

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A text of at most `length` code points that neither begins nor ends with what a file or shell would swallow. */
export function randomText(random: () => number, length: number): string {
  let text = ''
  while (Array.from(text).length < length) text += PIECES[Math.floor(random() * PIECES.length)]
  return `[${Array.from(text)
    .slice(0, length - 2)
    .join('')}]`
}

/** Every control character but NUL, as one text. */
export const ALL_CONTROLS = `${Array.from({length: 0x9f}, (_, index) => String.fromCharCode(index + 1)).join('')}.`
