// What a bot promises, at full size: each command answered exactly once, over reconnections and kills.
//   --dialect guide|reference
//   --commands N --drops N --kills N
//   --freezes N                    none where nothing else is said
//   --bots N                       more than one share their work over a Redis
//   --seed S                       one run again; else a seed that nobody has tried
import {launch} from './lib/launch.mjs'

await launch('bot')
