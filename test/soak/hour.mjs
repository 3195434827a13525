// Services under faults for an hour: a tail, a bot and two relays, a fault each second; memory and open files flat, counters true.
//   --minutes N                    60 by default
//   --seed S --dialect guide|reference
//   --rate MESSAGES_A_SECOND       20 by default; one in ten is for the bot
//   --only tail,bot,relay          some of them
//   --json FILE                    all samples and comparisons
import {launch} from './lib/launch.mjs'

await launch('hour')
