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
