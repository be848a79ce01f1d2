import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs'

const CHUNK_LINES = 10_000
const TAIL_BYTES = 1024

export interface LineFileOptions {
  /** Whether lines are ASCII only, because Java's file source counts characters instead of bytes. */
  readonly ascii?: boolean
}

/** A text file of numbered lines for a source. More lines can be appended. */
export class LineFile {
  readonly path: string
  readonly #ascii: boolean
  #lines = 0

  constructor(path: string, { ascii = false }: LineFileOptions = {}) {
    this.path = path
    this.#ascii = ascii
    writeFileSync(path, '')
  }

  get lines(): number {
    return this.#lines
  }

  get lastLine(): string {
    return lineAt(this.#lines - 1, this.#ascii)
  }

  /** The text of a line, without its end. */
  lineAt(number: number): string {
    return lineAt(number, this.#ascii)
  }

  append(count: number): void {
    const end = this.#lines + count
    while (this.#lines < end) {
      const chunk = Math.min(CHUNK_LINES, end - this.#lines)
      appendFileSync(
        this.path,
        Array.from({ length: chunk }, (_, index) => `${lineAt(this.#lines + index, this.#ascii)}\n`).join(''),
      )
      this.#lines += chunk
    }
  }
}

/** Lines differ in length, and some are not ASCII, so that confusing bytes with characters is detected. */
function lineAt(number: number, ascii = false): string {
  const filler = number % 100 === 0 && !ascii ? 'é€😀'.repeat(number % 7) : '.'.repeat((number * 31) % 160)
  return `${number} ${filler}|`
}

/** Returns the size of a file in bytes, 0 if it does not exist. */
export function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0
}

/** Returns the last complete line of a file. */
export function endOf(file: string): string | undefined {
  const size = sizeOf(file)
  const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES))
  if (size === 0) return undefined
  const fd = openSync(file, 'r')
  readSync(fd, bytes, 0, bytes.length, size - bytes.length)
  closeSync(fd)
  return bytes.toString('utf8').split('\n').at(-2)
}

/** How the lines of a file arrived. */
export interface Arrival {
  /** Number of lines that never arrived. */
  readonly missing: number
  /** Lines that differ from the sent lines. */
  readonly damaged: readonly string[]
  /** Number of distinct jumps back to an earlier line, as after a kill. */
  readonly stepsBack: number
  /** Jumps over lines that had not arrived before, even if they arrived later: the expected and the found number. */
  readonly gaps: readonly string[]
}

/** How the lines of a source arrived in the file of a sink. */
export function arrivalOf(file: string, source: LineFile): Arrival {
  return arrivalIn(linesOf(file), source)
}

/** Returns the complete lines of a file. */
export function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

/** How the lines of a source arrived in a topic or a file, of which `found` has all lines. */
export function arrivalIn(found: readonly string[], source: LineFile): Arrival {
  const { lines } = source
  const seen = new Uint8Array(lines)
  const damaged: string[] = []
  const stepsBack = new Set<string>()
  const gaps: string[] = []
  let expected = 0
  let unseen = 0
  for (const line of found) {
    const number = Number.parseInt(line, 10)
    if (!(number < lines) || line !== source.lineAt(number)) {
      damaged.push(line)
      continue
    }
    if (number < expected) stepsBack.add(`${expected} → ${number}`)
    // Repeated lines may be interrupted: a kill may send the sink back to a position before the repetition of the source
    if (number > unseen) gaps.push(`${unseen} → ${number}`)
    expected = number + 1
    unseen = Math.max(unseen, expected)
    seen[number] = 1
  }
  return { missing: seen.reduce((sum, flag) => sum - flag, lines), damaged, stepsBack: stepsBack.size, gaps }
}
