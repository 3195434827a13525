// What a batch promises, at full size: exactly its messages, in order, once each, whatever happens on the way.
//   --only faults|kills            one part
//   --dialect guide|reference --lane rest|socket
//   --messages N --kills N
//   --seed S                       one run again; else a seed that nobody has tried
import {launch} from './lib/launch.mjs'

await launch('batch')
