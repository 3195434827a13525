import {onTestFinished} from 'vitest'
import {type Sandbox, type SandboxOptions, startSandbox} from '../../src/sandbox/index.js'
import {type Home, makeHome, UNLIMITED} from './veza.js'

/** A server that is closed when the test ends. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({port: 0, ...options})
  onTestFinished(() => sandbox.close())
  return sandbox
}

/** A home whose commands talk to the server as `username`, with name and password from the environment. */
export function homeOf(
  sandbox: {readonly url: string},
  username = 'alice',
  env: NodeJS.ProcessEnv = {},
): Home {
  return makeHome({
    VEZA_SERVER: sandbox.url,
    VEZA_USERNAME: username,
    VEZA_PASSWORD: `${username}-pass`,
    ...UNLIMITED,
    ...env,
  })
}
