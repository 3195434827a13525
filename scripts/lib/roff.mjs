// Text as roff of man(7) has it.

/** One line of text: nothing of it is taken for markup. Dashes are those that can be copied into a shell. */
export function text(line) {
  const escaped = line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replaceAll("'", '\\(aq')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replace(
      /[^\x00-\x7f]/gu,
      character => `\\[u${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped
}

/** Text of several paragraphs. */
export function paragraphs(content) {
  return content.split(/\n\n+/).flatMap(part => ['.PP', ...part.split('\n').map(text)])
}

/** Lines as they are. */
export function verbatim(lines) {
  return ['.PP', '.RS 4', '.nf', ...lines.map(text), '.fi', '.RE']
}

/** A term and what it means. */
export function term(head, content) {
  return ['.TP', head, ...(content === '' ? ['.br'] : content.split('\n').map(text))]
}

export function bold(content) {
  return `\\fB${text(content)}\\fR`
}

export function italic(content) {
  return `\\fI${text(content)}\\fR`
}
