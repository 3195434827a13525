/** Made by the build from the files of src/commands: adding a command is adding a file. */
declare module 'veza:commands' {
  import type {VezaCommandClass} from './lib/cli/base-command.js'

  export const COMMANDS: Readonly<Record<string, () => Promise<{readonly default: VezaCommandClass}>>>
}

/** Made by the build from src/page: what the page of an export has beside its data. */
declare module 'veza:export-page' {
  import type {PageAssets} from './lib/export/page-parts.js'

  export const PAGE: PageAssets
}
