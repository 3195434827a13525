// Whether the command lines of deploy/ are command lines of veza: each command and each flag is in the manifest.
import {readdirSync, readFileSync} from 'node:fs'
import {basename, join} from 'node:path'

/** @returns {string[]} what is wrong. */
export function lintCommandLines(deploy, {commands}) {
  const units = readdirSync(join(deploy, 'systemd')).flatMap(file =>
    linesOf(join(deploy, 'systemd', file), /^ExecStart=veza (.+)$/gm),
  )
  const pods = readdirSync(join(deploy, 'kubernetes')).flatMap(file =>
    linesOf(join(deploy, 'kubernetes', file), /^ *args: \[(.+)\]$/gm),
  )
  return [...units, ...pods].flatMap(({file, line}) => {
    const words = line.split(/,? +/)
    const id = words.slice(0, 2).join(':')
    if (commands[id] === undefined) return [`${file}: there is no command ${words.slice(0, 2).join(' ')}`]
    return words
      .filter(word => word.startsWith('--') && commands[id].flags[word.slice(2).split('=')[0]] === undefined)
      .map(flag => `${file}: ${id} has no flag ${flag}`)
  })
}

function linesOf(path, pattern) {
  return [...readFileSync(path, 'utf8').matchAll(pattern)].map(([, line]) => ({file: basename(path), line}))
}
