// Node's larger modules are loaded on first use instead of when the bundle starts: most commands need few of them, and
// what axios and ws require at their top costs more than the rest of a command (docs/performance.md).
import {createRequire} from 'node:module'

const require = createRequire(import.meta.url)
const LARGE = ['child_process', 'crypto', 'http', 'http2', 'https', 'net', 'readline', 'tls', 'zlib']

/** A module with the same names, each got from the real one when it is read. */
function lazyModule(name) {
  const keys = JSON.stringify(Object.keys(require(`node:${name}`)))
  return [
    `let loaded; const load = () => (loaded ??= require('node:${name}'))`,
    `for (const key of ${keys}) Object.defineProperty(exports, key, {enumerable: true, get: () => load()[key]})`,
  ].join('\n')
}

export function lazyBuiltins() {
  return {
    name: 'lazy-builtins',
    setup(build) {
      const filter = new RegExp(`^(node:)?(${LARGE.join('|')})$`)
      build.onResolve({filter}, ({path, namespace}) =>
        namespace === 'lazy-builtin'
          ? {path, external: true}
          : {path: path.replace(/^node:/, ''), namespace: 'lazy-builtin'},
      )
      build.onLoad({filter: /.*/, namespace: 'lazy-builtin'}, ({path}) => ({
        contents: lazyModule(path),
        loader: 'js',
      }))
    },
  }
}
