/** A longer time is a mistake of the server, or of a proxy: nobody wants a task to wait for years. */
const LONGEST_MS = 60 * 60 * 1000

/**
 * Returns the value of a header Retry-After, seconds or a date (RFC 9110, 10.2.3), in milliseconds and at most an hour;
 * undefined if it has none.
 */
export function retryAfterMs(header: string | undefined, now: number = Date.now()): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(LONGEST_MS, Math.max(0, ms))
}
