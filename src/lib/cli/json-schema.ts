import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {EXIT} from '../errors/catalogue.js'
import {VezaError} from '../errors/veza-error.js'
import {errorText} from '../output/formats/error.js'
import {createIo} from '../output/io.js'

/**
 * Prints the JSON Schema of what a command prints with `--json`; it needs neither arguments nor a server. The schemas are
 * generated from the types of the commands into docs/schemas/. Resolves to the exit code.
 * @param id of the command, such as `rooms:get`.
 */
export async function printJsonSchema(id: string): Promise<number> {
  const io = createIo({stdin: process.stdin, stdout: process.stdout, stderr: process.stderr})
  // Beside the folder of the bundle.
  const folder = join(__dirname, '..', 'docs', 'schemas')
  const schema = await readFile(join(folder, `${id.replaceAll(':', '/')}.json`), 'utf8')
  try {
    await io.write(schema)
    await io.flush()
    return EXIT.done
  } catch (error) {
    // Such as a full disk.
    if (!(error instanceof VezaError)) throw error
    io.writeError(errorText(error))
    return error.exitCode
  }
}
