// `npm run soak`: what the tail promises, at full size: see docs/realtime.md and docs/performance.md.
//   --only faults|kill|restart|silent   one part
//   --seeds N --messages N --faults N --kills N
//   --seed S                            one run again
//   --random                            seeds that nobody has tried
import {launch} from './lib/launch.mjs'

await launch('tail')
