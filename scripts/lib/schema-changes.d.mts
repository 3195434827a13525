type Schema = Readonly<Record<string, unknown>>

export declare function breakingChanges(before: Schema, after: Schema): string[]
