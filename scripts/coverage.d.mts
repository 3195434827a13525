interface ListedCommand {
  readonly calls?: readonly string[]
  readonly hidden?: boolean
}

export declare const COVERAGE_PAGE: string
export declare function coverageOf(
  rows: readonly string[],
  commands: Readonly<Record<string, ListedCommand>>,
): {readonly row: string; readonly ids: readonly string[]}[]
export declare function writeCoverage(): Promise<readonly string[]>
