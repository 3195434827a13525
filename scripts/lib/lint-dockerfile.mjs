// The Dockerfile: what two linters say of it, and what neither of them knows.
import {readFileSync} from 'node:fs'

/** @returns {string[]} what is wrong. */
export function lintDockerfile(file, tools) {
  const text = readFileSync(file, 'utf8')
  const lines = text.split('\n')
  const syntax = tools('dockerfile-utils').validate(text)
  const practice = tools('dockerfilelint').run('.', text)
  return [
    ...syntax.map(({message, range}) => `line ${range.start.line + 1}: ${message}`),
    ...practice
      .filter(({rule, line}) => !isMistaken(rule, lines[line - 1]))
      .map(({rule, line, description}) => `line ${line}: ${rule}: ${description}`),
    ...brokenRules(text),
  ].map(problem => `Dockerfile: ${problem}`)
}

/** It does not see the tag of a base that is an argument, and knows no option with a hyphen. */
function isMistaken(rule, line) {
  return (
    (rule === 'missing_tag' && /^FROM \$\{/.test(line)) ||
    (rule === 'invalid_format' && line.startsWith('HEALTHCHECK '))
  )
}

function brokenRules(text) {
  const last = text.slice(text.lastIndexOf('\nFROM '))
  const rules = {
    'each base has a tag': !/^ARG \w+_IMAGE=[^:\s]+$/m.test(text),
    'the user is a number that is not root': /^USER [1-9]\d*:[1-9]\d*$/m.test(last),
    'there is a health check without a shell': /^HEALTHCHECK .*CMD \[/m.test(last),
    'process 1 takes leave of orphans': /^ENTRYPOINT \["tini", "--", "veza"\]$/m.test(last),
    'nothing is copied but what was installed': !/^COPY (?!--from=build |deploy\/healthcheck\.cjs )/m.test(
      last,
    ),
  }
  return Object.keys(rules)
    .filter(rule => !rules[rule])
    .map(rule => `not so: ${rule}`)
}
