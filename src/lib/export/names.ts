/** What lies in the folder of an export: docs/export.md, "The folder". */
export const MANIFEST = 'manifest.json'
export const ROOT = 'manifest.sha256'
export const CHECKPOINT = 'checkpoint.json'
export const PAGE = 'index.html'
export const FILES = 'files'
export const SPOOL = '.spool'
export const LOCK = '.lock'
/** Beside the lock while it is held, or after a kill. */
export const LOCK_JOURNAL = '.lock-journal'
/** A file of records. */
export const PART = /^messages-\d{5,}\.ndjson$/
/** What was being written to take the place of a file. */
export const TEMPORARY =
  /^(manifest\.json|manifest\.sha256|checkpoint\.json|index\.html)\.([0-9a-f]{16}\.)?tmp$/
