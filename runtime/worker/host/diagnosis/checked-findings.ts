import type { Finding } from '../../../../api/index.ts'

/** Grace period for code that does not stop at once when the timeout expires. */
export const GRACE_MS = 2000

const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/
const severities = ['error', 'warning', 'info'] as const

/** Returns findings of a plugin with secrets hidden; a malformed finding is replaced with one that reports it. */
export function checkedFindings(found: unknown, hide: (text: string) => string): Finding[] {
  if (!Array.isArray(found)) return [diagnoseFailed('diagnose did not return an array of findings')]
  return found.map((finding: unknown, index) => {
    const fault = faultOf(finding ?? {})
    return fault === undefined
      ? hidden(finding as Finding, hide)
      : diagnoseFailed(`finding ${index}: ${fault}`)
  })
}

/** An id that contains a secret is replaced as a whole: the rest of it would not be an id. */
function hidden({ id, severity, message, remedy }: Finding, hide: (text: string) => string): Finding {
  return {
    id: hide(id) === id ? id : 'plugin-finding',
    severity,
    message: hide(message),
    remedy: remedy === undefined || remedy === null ? null : hide(remedy),
  }
}

function faultOf({ id, severity, message, remedy }: Partial<Record<keyof Finding, unknown>>) {
  if (typeof id !== 'string' || !ID.test(id)) return 'its id does not consist of lower-case words and hyphens'
  if (!severities.some((known) => known === severity)) return `its severity is not ${severities.join(' or ')}`
  if (typeof message !== 'string' || message.trim() === '') return 'it has no message'
  if (remedy !== undefined && remedy !== null && typeof remedy !== 'string')
    return 'its remedy is not a string'
  return undefined
}

export const diagnoseFailed = (reason: string): Finding => ({
  id: 'diagnose-failed',
  severity: 'error',
  message: `The connector could not complete its diagnosis: ${reason}`,
  remedy: null,
})
