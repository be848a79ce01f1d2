import { UsageError } from '../exit-codes.ts'
import { json, printable } from './output.ts'
import type { ClientAction } from './action.ts'
import { connectorPath } from './states.ts'

/** `headrace topics <name> [get|reset]` */
export const topics: ClientAction = async (api, command, out) => {
  const [name = '', verb = 'get'] = command.args
  const path = `${connectorPath(name)}/topics`
  if (verb === 'reset') {
    await api.request('PUT', `${path}/reset`)
    return out.write(command.json ? json({ name, requested: 'reset topics' }) : `${name}: topics reset`)
  }
  if (verb !== 'get') throw new UsageError(`topics: ${verb}: expected get or reset`)
  const answer = (await api.request('GET', path)) as Readonly<Record<string, { readonly topics: string[] }>>
  if (command.json) return out.write(json(answer))
  const used = answer[name]?.topics.toSorted() ?? []
  out.write(used.length === 0 ? 'no topics' : used.map(printable).join('\n'))
}
