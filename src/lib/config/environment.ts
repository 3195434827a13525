/** Read access to environment variables. An empty variable counts as not set, as CI systems set unused ones to ''. */
export interface Environment {
  get(name: string): string | undefined
}

/** The environment of this process: the only place of the client that reads `process.env`. */
export function processEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  return {
    get: name => {
      const value = variables[name]
      return value === '' ? undefined : value
    },
  }
}

/** All variables of this process, for a process that it starts. */
export function inheritedVariables(): Readonly<Record<string, string | undefined>> {
  return process.env
}

/** Whether a CI system runs this process: then nothing is ever asked for. */
export function inCi(environment: Environment): boolean {
  const ci = environment.get('CI')
  return ci !== undefined && ci !== '0' && ci !== 'false'
}
