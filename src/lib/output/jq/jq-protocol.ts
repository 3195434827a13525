/** What the worker of jq is told at its start. */
export interface JqWorkerData {
  readonly filter: string
}

/** What it answers to an input, the JSON texts of the results, one a line; `notes` is what jq told on stderr. */
export type JqAnswer =
  | {readonly results: string; readonly notes: string}
  | {readonly failed: {readonly exitCode: number | undefined; readonly stderr: string}}
