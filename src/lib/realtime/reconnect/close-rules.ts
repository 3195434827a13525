import type {ErrorCode} from '../../errors/catalogue.js'

/**
 * What an end means for the next attempt:
 * - `retry`: try again after a delay.
 * - `renew`: try once more, at once, with a new token; final when that is refused too.
 * - `unless_proven`: final, but for a server that has shown that it can do better, which is tried again.
 * - `final`: trying again cannot help.
 */
export type Policy = 'retry' | 'renew' | 'unless_proven' | 'final'

/** What an error means for the next attempt, and the argument for that. */
interface ErrorRule {
  readonly policy: Policy
  readonly why: string
}

/** What a close code means, the error that it is for the user, and the argument. */
export interface CloseRule extends ErrorRule {
  readonly error: ErrorCode
  readonly meaning: string
}

/** The policy for each error of the catalogue. */
export const ERROR_POLICIES: Readonly<Record<ErrorCode, ErrorRule>> = {
  failed: {
    policy: 'final',
    why: 'Nothing is known about it, so nothing says that a repeat would end otherwise.',
  },
  server_error: {policy: 'retry', why: 'A restart, a deployment, an overload (5xx). It passes.'},
  usage: {policy: 'final', why: 'The same arguments give the same error.'},
  config: {policy: 'final', why: 'The same settings give the same error.'},
  file_unreadable: {policy: 'final', why: 'The same file gives the same error.'},
  file_unwritable: {policy: 'final', why: 'The same place gives the same error.'},
  file_corrupt: {policy: 'final', why: 'Bytes that are wrong are not to be trusted a second time unasked.'},
  file_too_large: {policy: 'final', why: 'The same file gives the same error.'},
  refused: {policy: 'final', why: 'The same input is refused again.'},
  signed_out: {
    policy: 'renew',
    why: 'Access tokens live 15 minutes: a new one is likely all it takes. If not, a person has to sign in.',
  },
  rate_limited: {policy: 'retry', why: 'It says itself when it is over.'},
  unreachable: {policy: 'retry', why: 'Networks and servers come back.'},
  not_protocol: {
    policy: 'unless_proven',
    why: 'At the start a wrong address. Later the maintenance page of a proxy, one broken frame, or one above our own limit. Ten sessions in a row that the server took and that end so before they are live are final.',
  },
  not_found: {policy: 'final', why: 'The room does not exist, or exists no more.'},
  conflict: {policy: 'final', why: 'Blocked, until a person changes that.'},
  forbidden: {policy: 'final', why: 'Not for this account, until a person changes that.'},
  bug: {policy: 'final', why: 'A bug of ours is never retried.'},
  timeout: {policy: 'final', why: "The user's own limit."},
  interrupted: {policy: 'final', why: 'The user ended it.'},
  terminated: {policy: 'final', why: 'The user or the system ended it.'},
}

/** Close codes of RFC 6455, of the IANA registry, and of the habit to put an HTTP status behind 4000. */
export const CLOSE_RULES: Readonly<Record<number, CloseRule>> = {
  1000: {
    error: 'unreachable',
    policy: 'retry',
    meaning: 'closed normally',
    why: 'Servers say it when they shut down or tidy up. The tail was not asked to end, so it does not.',
  },
  1001: {error: 'unreachable', policy: 'retry', meaning: 'going away', why: 'A restart, a deployment.'},
  1002: {
    error: 'not_protocol',
    policy: 'unless_proven',
    meaning: 'protocol error',
    why: 'It does not understand our frames, and the next attempt sends the same ones. After a good start: a fluke.',
  },
  1003: {
    error: 'not_protocol',
    policy: 'unless_proven',
    meaning: 'unsupported data',
    why: 'It does not take text frames: then it is no chat server. After a good start: a fluke.',
  },
  1005: {
    error: 'unreachable',
    policy: 'retry',
    meaning: 'closed without a code',
    why: 'Closed without a word: nothing speaks against another attempt.',
  },
  1006: {
    error: 'unreachable',
    policy: 'retry',
    meaning: 'connection lost',
    why: 'No closing handshake at all: a cut cable, a crash, a killed process.',
  },
  1007: {
    error: 'not_protocol',
    policy: 'unless_proven',
    meaning: 'invalid payload',
    why: 'Our bytes are no UTF-8, it says: they are, so something on the way breaks them; not always, if it worked before.',
  },
  1008: {
    error: 'forbidden',
    policy: 'unless_proven',
    meaning: 'policy violation',
    why: 'A ban, or a rule of the server. After a good start it may pass; at the start it is a no. Where its words speak of a token or of authentication it is handled as 3000.',
  },
  1009: {
    error: 'not_protocol',
    policy: 'unless_proven',
    meaning: 'message too big',
    why: "Our first frames are too large for it and will be again; later, a proxy's limit on what the server sent.",
  },
  1010: {
    error: 'not_protocol',
    policy: 'final',
    meaning: 'extension missing',
    why: 'Meant for clients; a server that sends it misses an extension that we never offer.',
  },
  1011: {
    error: 'server_error',
    policy: 'retry',
    meaning: 'internal error',
    why: 'An exception in the server, about this connection or not.',
  },
  1012: {error: 'unreachable', policy: 'retry', meaning: 'service restart', why: 'It says so itself.'},
  1013: {
    error: 'server_error',
    policy: 'retry',
    meaning: 'try again later',
    why: 'Overload: the delays grow.',
  },
  1014: {error: 'server_error', policy: 'retry', meaning: 'bad gateway', why: 'A proxy lost its server.'},
  1015: {
    error: 'unreachable',
    policy: 'unless_proven',
    meaning: 'TLS failure',
    why: 'Never on the wire; some proxies invent it for a broken TLS session.',
  },
  3000: {
    error: 'signed_out',
    policy: 'renew',
    meaning: 'unauthorized',
    why: 'Registered with this meaning: a new token may do.',
  },
  3003: {
    error: 'forbidden',
    policy: 'final',
    meaning: 'forbidden',
    why: 'Registered with this meaning: a person has to change that.',
  },
  3008: {error: 'unreachable', policy: 'retry', meaning: 'timeout', why: 'Registered with this meaning.'},
  4401: {error: 'signed_out', policy: 'renew', meaning: 'unauthorized', why: 'As HTTP 401.'},
  4403: {error: 'forbidden', policy: 'final', meaning: 'forbidden', why: 'As HTTP 403.'},
  4404: {error: 'not_found', policy: 'final', meaning: 'not found', why: 'As HTTP 404.'},
  4429: {error: 'rate_limited', policy: 'retry', meaning: 'rate limited', why: 'As HTTP 429.'},
}

/**
 * A frame above our own limit: we close the connection with 1009 then. Not a close code of the server's, so the error
 * `not_protocol` says what comes next.
 */
export const FRAME_LIMIT: CloseRule = {
  error: 'not_protocol',
  policy: ERROR_POLICIES.not_protocol.policy,
  meaning: 'a frame above 4 MiB',
  why: 'A message that is too large for a frame comes from history, where an answer may have 32 MiB, so the next session is past it. Where the server sends the frame to each session, the delays go on growing, and ten in a row that were not live are final.',
}

/** Any other code. */
export const UNKNOWN_CLOSE: CloseRule = {
  error: 'unreachable',
  policy: 'retry',
  meaning: 'closed',
  why: 'The contract names none, so its meaning is the server\'s secret. To retry costs little, since delays grow and the first connection has few attempts; to give up would end a tail over a code that means "restart".',
}
