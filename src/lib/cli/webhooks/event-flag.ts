import {textListFlag} from '../list-flags.js'

/** `--event`, several times or by commas. Which events there are, the server says (section 4 of the contract). */
export const eventFlag = textListFlag({
  summary: 'What to tell of: message_sent, user_joined, user_left; may be repeated, or by commas',
  helpValue: 'EVENT',
})
