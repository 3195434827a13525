import {custom} from '@oclif/core/args'

/** Any number of rooms or users, also none; oclif would read a missing one from stdin unless told not to. */
export function namesArg(description: string) {
  return custom<string>({ignoreStdin: true})({description, required: false, multiple: true})
}
