import { UsageError } from '../exit-codes.ts'
import { json, table } from './output.ts'
import type { ClientAction } from './action.ts'

interface LoggerLevel {
  readonly level: string
  /** Milliseconds since the epoch. */
  readonly last_modified?: number | null
}

/** `headrace loggers [<name> [<level>]] [--cluster]` */
export const loggers: ClientAction = async (api, command, out) => {
  const [name, level] = command.args
  if (level === undefined && command.cluster) throw new UsageError('loggers: --cluster requires a level')
  if (name === undefined) {
    const all = (await api.request('GET', '/admin/loggers')) as Readonly<Record<string, LoggerLevel>>
    return out.write(command.json ? json(all) : levelTable(Object.entries(all)))
  }
  const path = `/admin/loggers/${encodeURIComponent(name)}`
  if (level === undefined) {
    const found = (await api.request('GET', path)) as LoggerLevel
    return out.write(command.json ? json(found) : levelTable([[name, found]]))
  }
  const scope = command.cluster ? 'cluster' : 'worker'
  const changed = (await api.request('PUT', `${path}?scope=${scope}`, { level })) as
    readonly string[] | undefined
  if (command.json) return out.write(json({ level: level.toUpperCase(), scope, changed: changed ?? null }))
  const where = command.cluster ? 'on all workers' : 'on this worker'
  const count = changed === undefined ? '' : ` (loggers changed: ${changed.length})`
  out.write(`${name}: ${level.toUpperCase()} ${where}${count}`)
}

function levelTable(entries: readonly (readonly [string, LoggerLevel])[]): string {
  const rows = entries.map(([name, { level, last_modified: at }]) => [
    name,
    level,
    typeof at === 'number' ? new Date(at).toISOString() : '',
  ])
  return table(['LOGGER', 'LEVEL', 'CHANGED'], rows, false)
}
