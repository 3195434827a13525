import {separatedLine} from '../formats/cell.js'
import {renderDetails} from '../formats/details.js'
import {renderTable} from '../formats/table.js'
import type {Io} from '../io.js'
import {sanitizeText} from '../sanitize.js'
import {createStyle, plainStyle, type Style} from '../style.js'
import {type ColourLevel, terminalWidth} from '../terminal.js'
import type {View, ViewContext} from '../views/view.js'
import {collect, type Renderer, type Written} from './renderer.js'

/** What text is made for. */
export interface TextOptions {
  readonly io: Io
  /** Colour of stdout, from `colourLevel`. */
  readonly colour: ColourLevel
  readonly now: () => Date
  /** Whether a record and a list are an aligned table with a head in a pipe, too. Default false. */
  readonly asTable?: boolean
}

/** For a person at a terminal: tables, details and lines; for a pipe: tab-separated columns. */
export class TextRenderer implements Renderer {
  readonly format: 'text' | 'table'
  readonly #options: TextOptions
  readonly #io: Io
  readonly #isTTY: boolean
  readonly #asTable: boolean
  #style: Style | undefined

  constructor(options: TextOptions) {
    this.#options = options
    this.#io = options.io
    this.#isTTY = options.io.stdout.isTTY === true
    this.#asTable = options.asTable === true
    this.format = this.#asTable ? 'table' : 'text'
    this.#style = options.colour === 0 ? plainStyle : undefined
  }

  one<T>(record: T, view: View<T>): Written {
    if (this.#asTable) return this.list([record], view)
    return this.#styled(style => {
      const fields = view.fields ?? view.columns
      return this.#io.write(renderDetails(fields, record, this.#context(style)))
    })
  }

  list<T>(records: readonly T[], view: View<T>): Promise<void> {
    return this.#write(style =>
      renderTable(view.columns, records, this.#context(style), this.#isTTY || this.#asTable),
    )
  }

  async rows<T>(records: AsyncIterable<T>, view: View<T>): Promise<number> {
    if (this.#isTTY || this.#asTable) {
      const all = await collect(records)
      await this.list(all, view)
      return all.length
    }
    let count = 0
    for await (const record of records) {
      await this.#row(record, view)
      count += 1
    }
    return count
  }

  record<T>(record: T, view: View<T>): Written {
    const {line} = view
    if (line === undefined) return this.#row(record, view)
    return this.#styled(style => this.#io.write(`${line.call(view, record, this.#context(style))}\n`))
  }

  /** Exactly one newline; exact but at a terminal. */
  value(text: string): Written {
    const bare = text.replace(/\n+$/, '')
    return this.#io.write(`${this.#isTTY ? sanitizeText(bare) : bare}\n`)
  }

  #row<T>(record: T, view: View<T>): Written {
    return this.#styled(style => this.#io.write(separatedLine(view.columns, record, this.#context(style))))
  }

  async #write(render: (style: Style) => Promise<string>): Promise<void> {
    await this.#styled(async style => {
      await this.#io.write(await render(style))
    })
  }

  /** Synchronous but for the first use of colour, so that a stream of records costs no promise each. */
  #styled(use: (style: Style) => Written): Written {
    if (this.#style) return use(this.#style)
    return createStyle(this.#options.colour).then(style => {
      this.#style ??= style
      return use(this.#style)
    })
  }

  #context(style: Style): ViewContext {
    return {
      isTTY: this.#isTTY,
      width: this.#isTTY ? terminalWidth(this.#io.stdout.columns) : Number.POSITIVE_INFINITY,
      now: this.#options.now(),
      style,
    }
  }
}
