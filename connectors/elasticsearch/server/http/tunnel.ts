import { request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'
import type { ProxySettings, ServerSettings } from '../settings.ts'
import { proxyAway, proxyHeaders, proxyRefusal } from './proxy.ts'

/**
 * Resolves to a connection to `target` (host:port) through the proxy. The time for it is that of a
 * connection and that of a response together.
 */
export function openTunnel(
  proxy: ProxySettings,
  { connectTimeoutMs, readTimeoutMs }: ServerSettings,
  target: string,
): Promise<Socket> {
  const { host, port } = proxy
  const request = httpRequest({
    method: 'CONNECT',
    host,
    port,
    path: target,
    headers: { host: target, ...proxyHeaders(proxy) },
    agent: false,
  })
  const limitMs = connectTimeoutMs > 0 && readTimeoutMs > 0 ? connectTimeoutMs + readTimeoutMs : 0
  return new Promise((resolve, reject) => {
    const late = () => request.destroy(new Error(`no response within ${limitMs} ms`))
    const timer = limitMs === 0 ? undefined : setTimeout(late, limitMs)
    request.once('error', (error) => {
      clearTimeout(timer)
      reject(proxyAway(proxy, error))
    })
    request.once('connect', ({ statusCode = 0 }, socket) => {
      clearTimeout(timer)
      if (statusCode === 200) return resolve(socket)
      socket.destroy()
      reject(proxyRefusal(proxy, statusCode))
    })
    request.once('response', (response) => {
      clearTimeout(timer)
      response.destroy()
      reject(proxyRefusal(proxy, response.statusCode ?? 0))
    })
    request.end()
  })
}
