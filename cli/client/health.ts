import { json, printable } from './output.ts'
import type { ClientAction } from './action.ts'

/**
 * `headrace health`: fails while the worker is starting or unhealthy. For probes of containers and process supervisors.
 *
 * Source: KIP-1017.
 */
export const health: ClientAction = async (api, command, out) => {
  const answer = (await api.request('GET', '/health')) as { readonly message?: string }
  out.write(command.json ? json(answer) : printable(answer.message ?? 'healthy'))
}
