// What few commands need stays out of the file that every command reads: it is a bundle of its own, required when used.
const BUNDLES = [
  {filter: /\/help\.js$/, path: './help.cjs'},
  {filter: /\/sandbox\/index\.js$/, path: './sandbox.cjs'},
  {filter: /\/bot-file\.js$/, path: './bot-file.cjs'},
  {filter: /\/import-module\.js$/, path: './import-module.cjs'},
  {filter: /\/redis\/index\.js$/, path: './redis.cjs'},
  {filter: /\/registry\.js$/, path: './metrics.cjs'},
]

export function separateBundles() {
  return {
    name: 'separate-bundles',
    setup(build) {
      for (const {filter, path} of BUNDLES) {
        build.onResolve({filter}, ({importer}) =>
          importer.includes('/src/') && !importer.includes('/src/sandbox/')
            ? {path, external: true}
            : undefined,
        )
      }
    },
  }
}
