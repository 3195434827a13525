// The tables of commands, made from the files of src/commands so that no list has to be kept by hand.
import {readdirSync} from 'node:fs'
import {join, relative, sep} from 'node:path'

/** Ids and paths of all commands: src/commands/rooms/get.ts is rooms:get. */
export function findCommands(root) {
  const folder = join(root, 'src', 'commands')
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .map(file => ({id: file.replace(/\.ts$/, '').split(sep).join(':'), path: join(folder, file)}))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** `veza:commands`, each loaded when it is run; `veza:all-commands`, all at once, for the manifest and the docs. */
export function commandTables(root) {
  const modules = {
    'veza:commands': commands =>
      `export const COMMANDS = {${commands.map(({id, path}) => `${JSON.stringify(id)}: () => import(${JSON.stringify(path)})`)}}`,
    'veza:all-commands': commands =>
      [
        ...commands.map(({path}, index) => `import c${index} from ${JSON.stringify(path)}`),
        `export const COMMANDS = {${commands.map(({id}, index) => `${JSON.stringify(id)}: c${index}`)}}`,
      ].join('\n'),
  }
  return {
    name: 'command-tables',
    setup(build) {
      build.onResolve({filter: /^veza:(all-)?commands$/}, ({path}) => ({path, namespace: 'veza'}))
      build.onLoad({filter: /.*/, namespace: 'veza'}, ({path}) => ({
        contents: modules[path](findCommands(root)),
        loader: 'js',
        resolveDir: root,
      }))
    },
  }
}
