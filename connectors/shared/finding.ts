import type { Finding } from '../../api/index.ts'

/** Creates a finding: the connector cannot work, or it keeps others from working. The remedy is what the user should do. */
export const error = (id: string, message: string, remedy: string | null = null): Finding => ({
  id,
  severity: 'error',
  message,
  remedy,
})

/** Creates a finding: the connector works, but not as expected. */
export const warning = (id: string, message: string, remedy: string | null = null): Finding => ({
  ...error(id, message, remedy),
  severity: 'warning',
})

/** Creates a finding that is no problem. */
export const info = (id: string, message: string, remedy: string | null = null): Finding => ({
  ...error(id, message, remedy),
  severity: 'info',
})

/** Makes a sentence of words that start in lower case. */
export const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
