/** The metrics of the process, each by itself: the package has types for all of them at once only. */
declare module 'prom-client/lib/metrics/*.js' {
  import type {Registry} from 'prom-client'

  const register: (registry: Registry) => void
  export default register
}
