import { json, table } from './output.ts'
import type { ClientAction } from './run.ts'

interface Plugin {
  readonly class: string
  readonly type: string
  readonly version?: string
}

/** `headrace plugins [--all]` */
export const plugins: ClientAction = async (api, command, out) => {
  const answer = await api.request('GET', `/connector-plugins?connectorsOnly=${!command.all}`)
  if (command.json) return out.write(json(answer))
  const rows = (answer as readonly Plugin[])
    .toSorted((a, b) => (a.type === b.type ? compare(a.class, b.class) : compare(a.type, b.type)))
    .map((plugin) => [plugin.type, plugin.version ?? '', plugin.class])
  out.write(table(['TYPE', 'VERSION', 'CLASS'], rows, false))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
