declare module 'jq-web' {
  /** jq as WebAssembly. */
  interface Jq {
    /**
     * What `jq FLAGS FILTER` prints for an input; undefined where it prints nothing. Throws what went wrong; what jq tells on
     * stderr without failing goes to `console.warn`.
     */
    raw(json: string, filter: string, flags: string[]): string | undefined
  }
  const jq: Promise<Jq>
  export default jq
}
