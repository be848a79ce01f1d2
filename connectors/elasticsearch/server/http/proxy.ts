import { ConnectError, messageOf } from '../../../../api/index.ts'
import type { ProxySettings } from '../settings.ts'
import { HttpFailure, PROXY_AWAY } from './message.ts'

/** Returns the headers that a request to the proxy needs. */
export function proxyHeaders({ login }: ProxySettings): Record<string, string> {
  return login === null ? {} : { 'proxy-authorization': basic(login.user, login.password.reveal()) }
}

/** Returns a value of the headers Authorization and Proxy-Authorization. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** Returns the failure of a proxy with which there is no connection. */
export function proxyAway({ host, port }: ProxySettings, error: unknown): HttpFailure {
  const text = `the proxy ${host}:${port} (proxy.host, proxy.port) cannot be reached: ${messageOf(error)}`
  return new HttpFailure(text, { sent: false, code: PROXY_AWAY })
}

/** Returns the error for a proxy that answers a request itself. */
export function proxyRefusal({ host, port, login }: ProxySettings, status: number): ConnectError {
  const where = `The proxy ${host}:${port} (proxy.host, proxy.port)`
  if (status !== 407) {
    const code = status === 403 || status === 405 ? 'HR_CONNECT' : 'HR_RETRIABLE'
    return new ConnectError(code, `${where} answered ${status} to the request for a tunnel.`)
  }
  const text =
    login === null
      ? `${where} wants a login (407). Set proxy.username and proxy.password.`
      : `${where} does not accept the login (407). Check proxy.username and proxy.password.`
  return new ConnectError('HR_CONNECT', text)
}
