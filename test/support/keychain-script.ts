import {keychainStore} from '../../src/lib/auth/stores/keychain.js'
import {VezaError} from '../../src/lib/errors/veza-error.js'
import type {KeychainStep, StepResult} from './keychain.js'

/** Runs the steps from stdin against the keychain of this process' session bus and prints their results. */
async function main(): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  const steps = JSON.parse(Buffer.concat(chunks).toString('utf8')) as KeychainStep[]
  const results: StepResult[] = []
  for (const step of steps) results.push(await timed(step))
  process.stdout.write(JSON.stringify(results))
}

async function timed(step: KeychainStep): Promise<StepResult> {
  const startMs = performance.now()
  const outcome = await run(step).catch(described)
  return {...outcome, durationMs: performance.now() - startMs}
}

async function run({op, account, secret = ''}: KeychainStep): Promise<Partial<StepResult>> {
  const {DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtimeDir} = process.env
  const store = keychainStore({bus: {address, runtimeDir}, exclusively: call => call()})
  if (op === 'read') return {value: await store.read(account)}
  await (op === 'write' ? store.write(account, secret) : store.remove(account))
  return {}
}

function described(error: unknown): Partial<StepResult> {
  if (!(error instanceof VezaError)) return {code: 'not a VezaError', message: String(error)}
  const {code, message, hint} = error
  return {code, message, hint}
}

void main()
