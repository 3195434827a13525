/**
 * Imports an ES or CommonJS module of the user's by the URL of its file. A bundle of its own: the other one may run from
 * a code cache, and nothing can be imported from there.
 */
export function importModule(url: string): Promise<{readonly default?: unknown}> {
  return import(/* @vite-ignore */ url)
}
