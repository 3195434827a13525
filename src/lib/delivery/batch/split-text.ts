/**
 * Cuts a text into parts of at most `max` characters (code points): at the last space of the second half of a part, which
 * is left out, else in the middle of a word. Never between the halves of a surrogate pair.
 */
export function splitText(text: string, max: number): readonly string[] {
  if (text.length <= max) return [text]
  const characters = [...text]
  const parts: string[] = []
  let start = 0
  while (characters.length - start > max) {
    // The character behind the part may be the space.
    const space = characters.lastIndexOf(' ', start + max)
    const atSpace = space > start + max / 2
    const end = atSpace ? space : start + max
    parts.push(characters.slice(start, end).join(''))
    start = atSpace ? end + 1 : end
  }
  if (start < characters.length) parts.push(characters.slice(start).join(''))
  return parts
}
