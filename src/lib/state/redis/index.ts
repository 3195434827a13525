/** All that knows the package `redis`: a bundle of its own, loaded by the few who talk to one. */
export {openRedisLine} from '../budget/redis-line.js'
export {openRedis} from './client.js'
