/** The most characters of a message (section 3 of the contract). */
const LONGEST = 2000
/** Of what somebody wrote, so much is quoted. */
const LONGEST_QUOTE = 200

/** An answer as it is sent: without space around it, and not longer than a message may be. `cut` marks where it was cut. */
export function fitAnswer(text: string, cut: string): string {
  const trimmed = text.trim()
  return trimmed.length <= LONGEST ? trimmed : `${head(trimmed, LONGEST - cut.length)}${cut}`
}

/** The begin of what somebody wrote, on one line. */
export function quoteOf(content: string): string {
  const line = content.trim().replace(/\s+/g, ' ')
  return line.length <= LONGEST_QUOTE ? line : `${head(line, LONGEST_QUOTE - 1)}…`
}

/** The key under which a message is answered: the same in each run, so that it is answered once. */
export function answerKey(botId: number, messageId: number): string {
  return `bot:${botId}:${messageId}`
}

/** Never half of a character of two units. */
function head(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '')
}
