// Packages that bring an old copy of what we have get ours: cli-table3 a string-width of 2020, which does not know the emoji
// since, so that its columns would not line up, and form-data a second table of file types.
export function ownCopies(root) {
  return {
    name: 'own-copies',
    setup(build) {
      build.onResolve({filter: /^string-width$/}, ({importer}) =>
        /[\\/]node_modules[\\/]cli-table3[\\/]/.test(importer)
          ? {path: 'string-width', namespace: 'current-widths'}
          : undefined,
      )
      // form-data carries a copy of the table of file types that we have already.
      build.onResolve({filter: /^mime-types$/}, ({path, kind, pluginData}) =>
        pluginData === 'ours' ? undefined : build.resolve(path, {kind, resolveDir: root, pluginData: 'ours'}),
      )
      build.onLoad({filter: /.*/, namespace: 'current-widths'}, () => ({
        contents: "module.exports = require('string-width').default",
        loader: 'js',
        resolveDir: root,
      }))
    },
  }
}
