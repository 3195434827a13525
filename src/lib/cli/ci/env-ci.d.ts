/** The part of env-ci that is used; it comes without types. */
declare module 'env-ci' {
  interface EnvCi {
    readonly isCi: boolean
    readonly service?: string
    readonly name?: string
    readonly commit?: string
    readonly tag?: string
    readonly branch?: string
    readonly prBranch?: string
    readonly isPr?: boolean
    readonly pr?: string | number
    readonly build?: string
    readonly buildUrl?: string
    readonly slug?: string
  }
  export default function envCi(options: {
    readonly env: Readonly<Record<string, string>>
    readonly cwd?: string
  }): EnvCi
}
