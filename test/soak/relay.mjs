// What relays promise together, at full size: each message once in the stream, in order, while members are killed and frozen.
//   --dialect guide|reference
//   --members N --rooms N --messages N --rate MESSAGES_A_SECOND --every MILLISECONDS
//   --seed S                       one run again; else a seed that nobody has tried
import {launch} from './lib/launch.mjs'

await launch('relay')
