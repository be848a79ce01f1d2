import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../api/index.ts'
import { UsageError } from '../exit-codes.ts'
import { json, printable, table, type Output } from './output.ts'
import type { ClientAction } from './action.ts'
import { connectorTable, readBlocked, readStatus, readStatuses, statusTable, traceText } from './states.ts'
import type { WorkerApi } from './worker-api.ts'

const WATCH_EVERY_MS = 1000
const HOME = '\u001b[H'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'
const CLEAR_ALL = '\u001b[2J'

/** `headrace connectors` */
export const connectors: ClientAction = async (api, command, out) => {
  if (command.json) {
    out.write(json(await api.request('GET', '/connectors?expand=info&expand=status')))
    return
  }
  const statuses = await readStatuses(api)
  out.write(statuses.length === 0 ? 'no connectors' : connectorTable(statuses, out.terminal))
}

/** `headrace status [<name>] [--watch | --trace]` */
export const status: ClientAction = async (api, command, out) => {
  const [name] = command.args
  if (command.trace && (command.watch || command.json)) {
    throw new UsageError(
      'status: --trace cannot be combined with --watch or --json (JSON output includes traces)',
    )
  }
  if (command.watch) return watch(api, name, command.json, out)
  if (command.trace) return out.write(traceText(await statusesOf(api, name)))
  if (!command.json) return out.write(await statusText(api, name, out))
  const answer = name === undefined ? await readStatuses(api) : await readStatus(api, name)
  out.write(json(answer))
}

async function statusText(api: WorkerApi, name: string | undefined, out: Output): Promise<string> {
  const [statuses, blocked] = await Promise.all([statusesOf(api, name), readBlocked(api)])
  return statuses.length === 0 ? 'no connectors' : statusTable(statuses, out.terminal, blocked)
}

const statusesOf = async (api: WorkerApi, name: string | undefined) =>
  name === undefined ? readStatuses(api) : [await readStatus(api, name)]

/** Redraws the states every second until the process ends. Shows the error when the worker is unreachable. */
async function watch(api: WorkerApi, name: string | undefined, asJson: boolean, out: Output): Promise<never> {
  if (asJson) throw new UsageError('status: --watch cannot be combined with --json')
  if (!process.stdout.isTTY) throw new UsageError('status: --watch requires a terminal')
  process.stdout.write(CLEAR_ALL)
  for (;;) {
    const text = await statusText(api, name, out).catch((error: unknown) => printable(messageOf(error)))
    const lines = [
      `${api.url}  ${new Date().toLocaleTimeString()}  (Ctrl-C to quit)`,
      '',
      ...text.split('\n'),
    ]
    process.stdout.write(`${HOME}${lines.map((line) => line + CLEAR_LINE).join('\n')}${CLEAR_BELOW}`)
    await sleep(WATCH_EVERY_MS)
  }
}

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
