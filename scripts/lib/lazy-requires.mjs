// oclif's modules require each other at their top, so that one of them brings in semver, globbing and help. In the
// bundle each of these requires waits for the first use of what it gives: that halves the start-up (docs/performance.md).
import {readFile} from 'node:fs/promises'

const OCLIF = /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/
const REQUIRE = /^(?:const|var) (\w+) = ((?:__import\w+\()?require\("[^"]+"\)\)?);$/gm

/** The same module with its top-level requires made on first use. */
export function makeLazy(source) {
  const names = []
  const declared = source.replace(REQUIRE, (_, name, load) => {
    names.push(name)
    return `let ${name}$value; const ${name}$ = () => (${name}$value ??= ${load});`
  })
  return names.reduce(
    (text, name) => text.replace(new RegExp(`(?<![\\w$.'"/])${name}(?=\\.)`, 'g'), `(${name}$())`),
    declared,
  )
}

export function lazyRequires() {
  return {
    name: 'lazy-requires',
    setup(build) {
      build.onLoad({filter: OCLIF}, async ({path}) => ({
        contents: makeLazy(await readFile(path, 'utf8')),
        loader: 'js',
      }))
    },
  }
}
