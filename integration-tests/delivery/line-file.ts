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
  /** Only ASCII: Java's file source counts characters where ours counts bytes. */
  readonly ascii?: boolean
}

/** A text file of numbered lines, for a source to read. It can grow. */
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

/** Lines differ in length, and some are not ASCII, so that bytes and characters cannot be mixed up unnoticed. */
function lineAt(number: number, ascii = false): string {
  const filler = number % 100 === 0 && !ascii ? 'é€😀'.repeat(number % 7) : '.'.repeat((number * 31) % 160)
  return `${number} ${filler}|`
}

/** Bytes that the sink has written so far. */
export function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0
}

/** The last whole line of a file. */
export function endOf(file: string): string | undefined {
  const size = sizeOf(file)
  const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES))
  if (size === 0) return undefined
  const fd = openSync(file, 'r')
  readSync(fd, bytes, 0, bytes.length, size - bytes.length)
  closeSync(fd)
  return bytes.toString('utf8').split('\n').at(-2)
}

/** What arrived in a file that lines were written to, in words of their numbers. */
export interface Arrival {
  /** Numbers that never came. */
  readonly missing: number
  /** Lines that are not as they were sent. */
  readonly damaged: readonly string[]
  /** How many different places there are where it went on with an earlier line than the next: what comes again after a kill. */
  readonly stepsBack: number
  /** Places where lines were left out that had never come, though they may have come later: what was next, and what came. */
  readonly gaps: readonly string[]
}

export function arrivalOf(file: string, lines: number): Arrival {
  const seen = new Uint8Array(lines)
  const damaged: string[] = []
  const stepsBack = new Set<string>()
  const gaps: string[] = []
  let expected = 0
  let unseen = 0
  for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const number = Number.parseInt(line, 10)
    if (!(number < lines) || line !== lineAt(number)) {
      damaged.push(line)
      continue
    }
    if (number < expected) stepsBack.add(`${expected} → ${number}`)
    // What came again may be left before its end: a kill sends the sink back to where the source had not yet been sent back
    if (number > unseen) gaps.push(`${unseen} → ${number}`)
    expected = number + 1
    unseen = Math.max(unseen, expected)
    seen[number] = 1
  }
  return { missing: seen.reduce((sum, flag) => sum - flag, lines), damaged, stepsBack: stepsBack.size, gaps }
}
