/** Exit codes of the `veza` command: one table, the same with and without `--json`. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  signedOut: 4,
  rateLimited: 5,
  network: 6,
  notFound: 7,
  conflict: 8,
  forbidden: 9,
  bug: 70,
  timeout: 124,
  sigint: 130,
  sigterm: 143,
} as const

/** What each exit code means. */
export const EXIT_MEANINGS: Readonly<Record<(typeof EXIT)[keyof typeof EXIT], string>> = {
  0: 'Done',
  1: 'Failed for a reason that has no code of its own, also a server error that outlived its retries',
  2: 'Usage or configuration: a wrong flag or value, an unreadable configuration or local file',
  3: 'The server refused the input (400, 413, 422)',
  4: 'Not signed in, or the session is over (401)',
  5: 'Rate limited, and waiting did not help (429)',
  6: 'Network: unreachable, reset, TLS, proxy, or an answer that is not the protocol',
  7: 'Not found (404), or a name that resolves to nothing',
  8: 'Conflict (409), or a blocked conversation',
  9: 'Forbidden (403)',
  70: 'A defect of veza itself',
  124: 'The time given by --timeout ran out',
  130: 'Ended by SIGINT (Ctrl-C)',
  143: 'Ended by SIGTERM',
}

interface CatalogueEntry {
  readonly exit: number
  /** Whether the same call may succeed later without a change by the user. */
  readonly retryable: boolean
  readonly summary: string
}

/**
 * Every error of the client by its code: the exit code it ends with, whether trying again can help, and what it means.
 * Scripts branch on these codes; a code is never renamed.
 */
export const CATALOGUE = {
  failed: {exit: EXIT.failed, retryable: false, summary: 'Failed for a reason that has no code of its own'},
  server_error: {exit: EXIT.failed, retryable: true, summary: 'The server failed (5xx) and went on failing'},
  usage: {exit: EXIT.usage, retryable: false, summary: 'A flag, an argument or a value is wrong'},
  config: {
    exit: EXIT.usage,
    retryable: false,
    summary: 'The configuration cannot be read, written or understood',
  },
  file_unreadable: {
    exit: EXIT.usage,
    retryable: false,
    summary: 'A local file is missing, unreadable or no file',
  },
  file_unwritable: {
    exit: EXIT.usage,
    retryable: false,
    summary: 'A local file or folder cannot be written',
  },
  file_corrupt: {
    exit: EXIT.network,
    retryable: false,
    summary: 'The bytes of a file are not those that were promised: its hash is another one',
  },
  file_too_large: {
    exit: EXIT.refused,
    retryable: false,
    summary: 'A file is larger than the server takes (413)',
  },
  refused: {exit: EXIT.refused, retryable: false, summary: 'The server refused the input (400, 413, 422)'},
  signed_out: {
    exit: EXIT.signedOut,
    retryable: false,
    summary: 'Not signed in, or the session is over (401)',
  },
  rate_limited: {
    exit: EXIT.rateLimited,
    retryable: true,
    summary: 'Rate limited, and waiting did not help (429)',
  },
  unreachable: {
    exit: EXIT.network,
    retryable: true,
    summary: 'The server cannot be reached, or the connection broke',
  },
  not_protocol: {
    exit: EXIT.network,
    retryable: false,
    summary: 'The answer is not one of a Veza chat server',
  },
  not_found: {exit: EXIT.notFound, retryable: false, summary: 'What was named does not exist (404)'},
  conflict: {
    exit: EXIT.conflict,
    retryable: false,
    summary: 'In conflict with what is there, blocked (409), or a cursor, journal or outbox in use',
  },
  forbidden: {exit: EXIT.forbidden, retryable: false, summary: 'Not permitted for this account (403)'},
  bug: {exit: EXIT.bug, retryable: false, summary: 'A defect of veza itself'},
  timeout: {exit: EXIT.timeout, retryable: true, summary: 'The time given by --timeout ran out'},
  interrupted: {exit: EXIT.sigint, retryable: false, summary: 'Ended by SIGINT (Ctrl-C)'},
  terminated: {exit: EXIT.sigterm, retryable: false, summary: 'Ended by SIGTERM'},
} as const satisfies Record<string, CatalogueEntry>

/** A code of the catalogue. */
export type ErrorCode = keyof typeof CATALOGUE
