/** Shorter values are words and numbers that stand everywhere. */
const MIN_LENGTH = 6

/** Parts of a name that say it all, wherever they stand. */
const TELLING = /token|secret|passw|passphrase|credential|private/i
/** Words that say it as a word of their own: KEY, but not KEYBOARD; AUTH, but not AUTHOR. */
const TELLING_WORD = /(?:^|[_\W])(?:auth|pass|pat|keys?|webhooks?|cookies?)(?:$|[_\W])|key$|[_\W]pwd$/i
/** These name a place that holds secrets, and are no secret. */
const PLACES = /^(?:SSH_AUTH_SOCK|XAUTHORITY|PWD|OLDPWD)$/i

/** The value is the path of what is secret: to leave it out would only hide which file is meant. */
const PATHS = /_FILE$|^CREDENTIALS_DIRECTORY$/i

/** Whether the name of a variable or flag says that its value is secret. */
export function isSecretName(name: string): boolean {
  return !PLACES.test(name) && (TELLING.test(name) || TELLING_WORD.test(name))
}

/**
 * What must not be shown of an environment: the values of at least 6 characters of variables whose names look secret,
 * each line of a longer one by itself, and what becomes of a value in an address, in JSON and in base64.
 */
export function secretValues(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  const secrets = new Set<string>()
  for (const [name, value = ''] of Object.entries(variables)) {
    if (!isSecretName(name) || PATHS.test(name)) continue
    for (const part of [value.trim(), ...value.split(/\r?\n/).map(line => line.trim())]) {
      if (part.length < MIN_LENGTH) continue
      secrets.add(part)
      for (const form of formsOf(part)) secrets.add(form)
    }
  }
  return [...secrets]
}

function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64')
  return [
    encodeURIComponent(Buffer.from(secret).toString()),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
  ]
}
