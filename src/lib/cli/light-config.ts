import type {Config} from '@oclif/core/interfaces'

/**
 * What a command needs of oclif's Config when it only parses its arguments. Loading the real one costs more than all
 * else a command does before its request (semver, globbing, plugin discovery), and nothing of that is needed to run a
 * command whose class is already known; help, the manifest and the docs still use the real one.
 */
export function lightConfig(version: string): Config {
  const config: Partial<Config> = {
    bin: 'veza',
    name: 'veza-cli',
    version,
    topicSeparator: ' ',
    runHook: async () => ({failures: [], successes: []}),
  }
  return config as Config
}
