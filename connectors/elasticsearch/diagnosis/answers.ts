import { isConnectError } from '../../../api/index.ts'
import type { SearchServer, ServerResponse } from '../ports.ts'
import { at } from '../server/body.ts'

/** Asks the server; undefined if it does not answer. Only requests that change nothing. */
export type Ask = (
  method: 'GET' | 'POST',
  path: string,
  options?: { readonly query?: Readonly<Record<string, string>>; readonly body?: object },
) => Promise<ServerResponse | undefined>

export function askOf(server: SearchServer, signal: AbortSignal): Ask {
  return async (method, path, { query, body } = {}) => {
    const request = { method, path, ...(query === undefined ? {} : { query }) }
    const withBody = body === undefined ? request : { ...request, body: JSON.stringify(body) }
    try {
      return await server.request(withBody, signal)
    } catch (failure) {
      if (signal.aborted || isConnectError(failure)) return undefined
      throw failure
    }
  }
}

/** The body of a successful response. */
export function found(response: ServerResponse | undefined): unknown {
  return response !== undefined && response.status < 300 ? response.body : undefined
}

/** The members of an object in JSON by their names, since servers list indexes in any order. */
export function members(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).toSorted(([name], [other]) => (name < other ? -1 : 1))
}

/** A setting, which servers return as text or nested; undefined if it is not set. */
export function setting(settings: unknown, name: string): string | undefined {
  const value = at(settings, ...name.split('.')) ?? at(settings, name)
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
    ? String(value)
    : undefined
}

/** Asks for settings of the cluster. Returns the function that finds the one that applies; see {@link setting}. */
export async function clusterSettings(
  ask: Ask,
  filter: string,
): Promise<(name: string) => string | undefined> {
  const query = { include_defaults: 'true', filter_path: filter }
  const body = found(await ask('GET', '/_cluster/settings', { query }))
  const layers = ['transient', 'persistent', 'defaults'].map((layer) => at(body, layer))
  return (name) => layers.map((layer) => setting(layer, name)).find((value) => value !== undefined)
}
