// What the page of an export consists of beside its data: src/page for browsers, as text. Few commands need it, so it is a file of its own.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {build} from 'esbuild'

const NAME = /^veza:export-page$/

/** For the bundles of commands: the page is required when it is used. */
export function exportPageApart() {
  return {
    name: 'export-page-apart',
    setup: ({onResolve}) =>
      void onResolve({filter: NAME}, () => ({path: './export-page.cjs', external: true})),
  }
}

/** For the bundle of its own: makes it. */
export function exportPage(root) {
  return {
    name: 'export-page',
    setup({onResolve, onLoad}) {
      onResolve({filter: NAME}, ({path}) => ({path, namespace: 'export-page'}))
      onLoad({filter: NAME, namespace: 'export-page'}, async () => ({
        contents: await contents(root),
        loader: 'js',
      }))
    },
  }
}

async function contents(root) {
  const folder = join(root, 'src', 'page')
  const options = {
    bundle: true,
    minify: true,
    write: false,
    charset: 'ascii',
    target: 'es2022',
    legalComments: 'none',
  }
  const [script, style] = await Promise.all([
    build({...options, entryPoints: [join(folder, 'main.ts')], format: 'iife', platform: 'browser'}),
    build({...options, entryPoints: [join(folder, 'style.css')]}),
  ])
  const page = {
    script: script.outputFiles[0].text.trim(),
    style: style.outputFiles[0].text.trim(),
    body: readFileSync(join(folder, 'body.html'), 'utf8').trim(),
  }
  // Neither may end its own element.
  for (const part of [page.script, page.style])
    if (/<\/|<!--/.test(part)) throw new Error('the page of exports would end early')
  return `export const PAGE = ${JSON.stringify(page)}`
}
