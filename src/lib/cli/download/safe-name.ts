/** What no file name on any system should hold: controls, bidi overrides and what else cannot be seen, and what Windows forbids. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu
const FORBIDDEN = /[<>:"|?*]/g
/** Devices on Windows, whatever comes behind a dot. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)\s*(\.|$)/i
/** Of the 255 that file systems take; the rest is for the end of a `.part`. */
const MAX_BYTES = 200
const MAX_ENDING_BYTES = 20

/**
 * The name under which a file may be kept that came under `name`, which whoever uploaded it chose: one name without a folder, that
 * no system takes for anything else and that shows as what it is. It begins with neither `.` (hidden) nor `-` (a flag to a shell's
 * `*`) and has at most 200 bytes. Undefined where nothing is left. Pure.
 */
export function safeFileName(name: string): string | undefined {
  const base = name.split(/[/\\]/).at(-1) ?? ''
  const plain = trimmed(
    base.normalize('NFC').replace(INVISIBLE, '').replace(FORBIDDEN, '_').replace(/\s/g, ' '),
  )
  const short = trimmed(shortened(plain))
  if (short === '') return undefined
  return RESERVED.test(short) || /^-/.test(short) || PART_END.test(short) ? kept(short) : short
}

const PART_END = /\.[0-9a-f]{12}\.part$/i

/** Whether a name is that of a part of the file `name`. Pure. */
export function isPartOf(part: string, name: string): boolean {
  return PART_END.test(part) && part.replace(PART_END, '') === name
}

/** The name of a file that is still coming in, beside the one it will have; `key` is twelve hex digits. Pure. */
export function partName(name: string, key: string): string {
  return `${name}.${key}.part`
}

/** Another name in its place: a part of the same name would be taken for what an earlier run left. */
function kept(name: string): string {
  return PART_END.test(name) ? `_${name}_` : `_${name}`
}

/** Windows drops dots and spaces at the end, so that a name would mean another file. */
function trimmed(name: string): string {
  return name.replace(/^[.\s]+/, '').replace(/[.\s]+$/, '')
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name
  const dot = name.lastIndexOf('.')
  const ending = dot > 0 && Buffer.byteLength(name.slice(dot)) <= MAX_ENDING_BYTES ? name.slice(dot) : ''
  const stem = ending === '' ? name : name.slice(0, dot)
  return cut(stem, MAX_BYTES - Buffer.byteLength(ending)) + ending
}

function cut(text: string, maxBytes: number): string {
  let bytes = 0
  let kept = ''
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) break
    kept += character
  }
  return kept
}
