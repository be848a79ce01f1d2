/** Most objects that a finding names. A database may have thousands of tables. */
const MOST = 20

/** The first objects of a list, and how many more there are. */
export function named(names: readonly string[]): string {
  const rest = names.length - MOST
  return rest > 0 ? `${names.slice(0, MOST).join(', ')} and ${rest} more` : names.join(', ')
}

/** The end of a remedy: the statements to run. After them comes nothing, so that they can be copied. */
export function run(...statements: readonly string[]): string {
  const rest = statements.length - MOST
  const shown = statements.slice(0, MOST).join('; ')
  return rest > 0 ? `run for each of the ${statements.length} objects, such as: ${shown};` : `run: ${shown};`
}

/** {@link run} at the beginning of a remedy. */
export function runNow(...statements: readonly string[]): string {
  return run(...statements).replace('r', 'R')
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB']

/** A size as PostgreSQL prints it, such as `512 MB`. */
export function sizeText(bytes: number): string {
  let size = bytes
  let unit = 0
  while (size >= 10_240 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  return `${Math.round(size)} ${units[unit]}`
}

/** A duration, such as `90 s`, `25 min` or `3 h`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
