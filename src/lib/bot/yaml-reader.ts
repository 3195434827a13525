import type {Node, Pair} from 'yaml'
import {isMap, isScalar, isSeq, LineCounter, parseDocument} from 'yaml'
import {VezaError} from '../errors/veza-error.js'

/** One entry of a map. */
export interface Entry {
  readonly key: string
  /** Where the key stands. */
  readonly at: Value
  readonly value: Value
}

/** Something in a YAML file, which knows its place there. */
export class Value {
  readonly #node: unknown
  readonly #file: YamlFile

  constructor(node: unknown, file: YamlFile) {
    this.#node = node
    this.#file = file
  }

  /** An error about it, `config`, that names its line. */
  fault(problem: string, hint?: string): VezaError {
    const offset = (this.#node as Node | null)?.range?.[0]
    return this.#file.fault(offset, problem, hint)
  }

  /** The entries of a map, in their order. @throws {VezaError} `config` for anything else. */
  entries(what: string): readonly Entry[] {
    if (!isMap(this.#node)) throw this.fault(`${what} wants a map of keys and values`)
    return this.#node.items.map(pair => this.#entry(pair))
  }

  /** Its text; a number stands for its digits. @throws {VezaError} `config` for anything else, or where it is empty. */
  text(what: string): string {
    const value = isScalar(this.#node) ? this.#node.value : undefined
    if (typeof value === 'string' && value.trim() !== '') return value
    if (typeof value === 'number') return String((isScalar(this.#node) && this.#node.source) || value)
    throw this.fault(`${what} wants a text`)
  }

  /** The parts of a list with at least one. @throws {VezaError} `config` for anything else. */
  list(what: string): readonly Value[] {
    if (!isSeq(this.#node) || this.#node.items.length === 0) throw this.fault(`${what} wants a list`)
    return this.#node.items.map(item => new Value(item, this.#file))
  }

  /** Its value read by something that throws a VezaError, which then names the line. */
  read<T>(what: string, reader: (text: string, label: string) => T): T {
    const text = this.text(what)
    try {
      return reader(text, what)
    } catch (error) {
      if (error instanceof VezaError) throw this.fault(error.message, error.hint)
      throw error
    }
  }

  #entry({key, value}: Pair): Entry {
    const at = new Value(key, this.#file)
    return {key: at.text('a key'), at, value: value === null ? at : new Value(value, this.#file)}
  }
}

/** A YAML file as it is read. */
class YamlFile {
  readonly lines = new LineCounter()

  constructor(readonly name: string) {}

  fault(offset: number | undefined, problem: string, hint?: string): VezaError {
    // What is empty has no place.
    const {line} = offset === undefined ? {line: 1} : this.lines.linePos(offset)
    return new VezaError('config', `${this.name}:${line}: ${problem}`, {hint})
  }
}

/**
 * Reads a YAML file, version 1.2.
 * @param name names the file in errors.
 * @throws {VezaError} `config` with the line for what is no YAML, for a key that stands twice in a map too.
 */
export function readYaml(text: string, name: string): Value {
  const file = new YamlFile(name)
  const document = parseDocument(text, {lineCounter: file.lines, prettyErrors: false, stringKeys: true})
  const [fault] = document.errors
  if (fault !== undefined) throw file.fault(fault.pos[0], firstLine(fault.message))
  return new Value(document.contents, file)
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message
}
