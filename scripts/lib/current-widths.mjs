// cli-table3 brings a string-width of 2020, which does not know the emoji since: its columns would not line up. It gets ours.
export function currentWidths(root) {
  return {
    name: 'current-widths',
    setup(build) {
      build.onResolve({filter: /^string-width$/}, ({importer}) =>
        /[\\/]node_modules[\\/]cli-table3[\\/]/.test(importer)
          ? {path: 'string-width', namespace: 'current-widths'}
          : undefined,
      )
      build.onLoad({filter: /.*/, namespace: 'current-widths'}, () => ({
        contents: "module.exports = require('string-width').default",
        loader: 'js',
        resolveDir: root,
      }))
    },
  }
}
