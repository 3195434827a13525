export declare function outputSchemas(root: string): Map<string, Readonly<Record<string, unknown>>>
