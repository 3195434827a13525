import type {Io} from '../output/io.js'

/** Has nothing written from now on: for a command whose exit code is all that is asked for. */
export function hush(io: Io): void {
  io.write = () => undefined
  io.writeError = () => undefined
}
