import {spawn} from 'node:child_process'
import type {StartFetch} from './names.js'

/** Starts the fetching process in a session of its own: closing the terminal or giving up on it does not end it. */
export const startFetch: StartFetch = (words, patienceMs) =>
  new Promise(resolve => {
    const [program = ''] = process.argv.slice(1)
    const child = spawn(process.execPath, [program, '__names', ...words], {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', patienceMs > 0 ? 'pipe' : 'ignore', 'ignore'],
    })
    child.unref()
    const {stdout} = child
    if (stdout === null) {
      child.on('error', () => undefined)
      return resolve(undefined)
    }
    let text = ''
    const end = (result: string | undefined): void => {
      clearTimeout(timer)
      stdout.destroy()
      resolve(result)
    }
    const timer = setTimeout(() => end(undefined), patienceMs)
    child.on('error', () => end(undefined))
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    stdout.on('end', () => end(text === '' ? undefined : text))
  })
