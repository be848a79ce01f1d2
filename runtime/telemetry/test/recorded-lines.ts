import type { Logger } from '../../../api/index.ts'
import { silentLogger } from '../logger.ts'

/** A logger that records its WARN and INFO lines, such as `WARN message`. */
export function recordedLines(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = []
  const log = {
    ...silentLogger,
    warn: (message: string) => void lines.push(`WARN ${message}`),
    info: (message: string) => void lines.push(`INFO ${message}`),
  }
  return { log, lines }
}
