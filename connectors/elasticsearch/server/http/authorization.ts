import type { Login } from '../settings.ts'
import { basic } from './proxy.ts'
import { signatureHeaders, type Signed } from './signature.ts'

/** Returns the headers with which a request is authenticated. */
export type Authorize = (request: Signed) => Record<string, string>

export function authorizeWith(login: Login | null): Authorize {
  if (login === null) return () => ({})
  if (login.kind === 'aws') return (request) => signatureHeaders(login, request, new Date())
  const authorization =
    login.kind === 'basic' ? basic(login.user, login.password.reveal()) : `ApiKey ${login.key.reveal()}`
  return () => ({ authorization })
}
