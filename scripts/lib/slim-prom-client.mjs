// Of prom-client we use counters, gauges, histograms and the metrics of the process. What it loads for clusters, for its
// gateway, for summaries and for traces is twice as much, and is left out of the bundle.
const INSIDE = /[\\/]node_modules[\\/]prom-client[\\/]/
/** Never called: no exemplars are asked for, and the classes are not made. */
const UNUSED = /^(@opentelemetry\/api|\.\/lib\/(cluster|pushgateway|summary|defaultMetrics))$/

export function slimPromClient() {
  return {
    name: 'slim-prom-client',
    setup(build) {
      build.onResolve({filter: UNUSED}, ({path, importer}) =>
        INSIDE.test(importer) ? {path, namespace: 'prom-client-unused'} : undefined,
      )
      build.onLoad({filter: /.*/, namespace: 'prom-client-unused'}, () => ({
        contents: 'module.exports = {}',
        loader: 'js',
      }))
    },
  }
}
