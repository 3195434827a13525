/** What a template of a command file may name, beside `{{1}}`, `{{2}}` and so on. */
export interface TemplateValues {
  /** All behind the name, as it was typed. */
  readonly args: string
  readonly user: string
  readonly user_id: string
  /** The room's name; empty in a direct message. */
  readonly room: string
  readonly message_id: string
}

const FIELDS: readonly string[] = [
  'args',
  'user',
  'user_id',
  'room',
  'message_id',
] satisfies (keyof TemplateValues)[]
const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g
const ALL = /^\{\{\s*\*\s*\}\}$/

/** The first name in a template that there is not; undefined where all are known. */
export function unknownField(template: string): string | undefined {
  return [...template.matchAll(PLACEHOLDER)]
    .map(([, name = '']) => name)
    .find(name => !FIELDS.includes(name) && !/^[1-9]\d?$/.test(name))
}

/** Whether a word stands for all arguments, each a word of its own: `{{*}}`. */
export function isAllArguments(word: string): boolean {
  return ALL.test(word)
}

/** Fills in a template; an argument that was not given is empty. What is filled in is not looked at again. */
export function fill(template: string, values: TemplateValues, args: readonly string[]): string {
  const known: Readonly<Record<string, string>> = {...values}
  return template.replace(PLACEHOLDER, (_, name: string) => known[name] ?? args[Number(name) - 1] ?? '')
}

/** The words of a program, each exactly one argument whatever it holds, but `{{*}}`, which is as many as were given. */
export function fillWords(
  words: readonly string[],
  values: TemplateValues,
  args: readonly string[],
): readonly string[] {
  // No argument of a process can hold a NUL.
  return words
    .flatMap(word => (isAllArguments(word) ? args : [fill(word, values, args)]))
    .map(word => word.replaceAll('\0', ''))
}
