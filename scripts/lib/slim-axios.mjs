// Of axios we use the http adapter, without its redirects, proxies and multipart (docs/dependencies.md). What it loads for
// the rest, the global fetch API above all, takes longer than the request itself, and is left out of the bundle.
import {readFile} from 'node:fs/promises'

const INSIDE = /[\\/]node_modules[\\/]axios[\\/]/
/** Never called: `maxRedirects: 0`, an agent of our own, no FormData object, the http adapter by name. */
const UNUSED = /^(follow-redirects|form-data|https-proxy-agent|proxy-from-env|\.\/xhr\.js|\.\/fetch\.js)$/
const STUB =
  'export default {}; export const getFetch = () => undefined; export const getProxyForUrl = () => ""'
/** Reading the global loads all of fetch; only an instance of it, which we never pass, would need it. */
const GLOBAL_FORM_DATA = "typeof G.FormData !== 'undefined' ? G.FormData : undefined"

export function slimAxios() {
  return {
    name: 'slim-axios',
    setup(build) {
      build.onResolve({filter: UNUSED}, ({path, importer}) =>
        INSIDE.test(importer) ? {path, namespace: 'axios-unused'} : undefined,
      )
      build.onLoad({filter: /.*/, namespace: 'axios-unused'}, () => ({contents: STUB, loader: 'js'}))
      build.onLoad({filter: /[\\/]axios[\\/]lib[\\/]utils\.js$/}, async ({path}) => {
        const source = await readFile(path, 'utf8')
        if (!source.includes(GLOBAL_FORM_DATA))
          throw new Error('axios has changed: look at scripts/lib/slim-axios.mjs')
        return {contents: source.replace(GLOBAL_FORM_DATA, 'undefined'), loader: 'js'}
      })
    },
  }
}
