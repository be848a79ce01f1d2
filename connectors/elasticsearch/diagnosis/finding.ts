import type { Finding } from '../../../api/index.ts'

/** The connector cannot work. */
export const error = (id: string, message: string, remedy: string | null = null): Finding => ({
  id,
  severity: 'error',
  message,
  remedy,
})

/** It works, but not as expected. */
export const warning = (id: string, message: string, remedy: string | null = null): Finding => ({
  ...error(id, message, remedy),
  severity: 'warning',
})

export const info = (id: string, message: string, remedy: string | null = null): Finding => ({
  ...error(id, message, remedy),
  severity: 'info',
})

/** Makes a sentence of words that start in lower case. */
export const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
