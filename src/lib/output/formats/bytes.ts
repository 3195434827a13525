const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const

/** A size for a person, in binary units with one decimal: `512 B`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length)
  return `${(bytes / 1024 ** power).toFixed(1)} ${UNITS[power - 1]}`
}
