// Loads a module of the sources, to generate documents from what the code says.
import {join} from 'node:path'
import {build} from 'esbuild'

const root = join(import.meta.dirname, '..', '..')

/** The exports of `src/PATH`. */
export async function loadSource(path) {
  const {outputFiles} = await build({
    entryPoints: [join(root, 'src', path)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  })
  const code = Buffer.from(outputFiles[0].contents).toString('base64')
  return import(`data:text/javascript;base64,${code}`)
}
