export declare function text(line: string): string
export declare function paragraphs(content: string): string[]
export declare function verbatim(lines: readonly string[]): string[]
export declare function term(head: string, content: string): string[]
export declare function bold(content: string): string
export declare function italic(content: string): string
