import { UsageError } from '../exit-codes.ts'
import { forEach, throwFailures } from './each.ts'
import { json, type Output } from './output.ts'
import type { ClientAction } from './action.ts'
import { connectorPath, statusTable, taskSummary, type ConnectorStatus } from './states.ts'
import { gone, paused, restarted, running, stopped, waitFor, type Goal } from './waiting.ts'
import type { Method } from './worker-api.ts'

interface Change {
  readonly method: Method
  /** Appended to the path of the connector. */
  readonly path: string
  readonly goal: Goal
  /** Printed without `--wait`. */
  readonly requested: string
}

const changes: Readonly<Record<string, Change>> = {
  pause: { method: 'PUT', path: '/pause', goal: paused, requested: 'pause requested' },
  resume: { method: 'PUT', path: '/resume', goal: running, requested: 'resume requested' },
  stop: { method: 'PUT', path: '/stop', goal: stopped, requested: 'stop requested' },
  delete: { method: 'DELETE', path: '', goal: gone, requested: 'deleted' },
}

/** `headrace pause|resume|stop|delete <name>… [--wait]`: changes the others too if one fails. */
export const changeState: ClientAction = async (api, command, out) => {
  const change = changes[command.name]
  if (change === undefined) throw new TypeError(`${command.name} is not a state change`)
  const requests = await forEach(command.args, (name) =>
    api.request(change.method, connectorPath(name) + change.path),
  )
  const changed = requests.done.map(({ arg }) => arg)
  if (!command.wait) {
    const answer = changed.map((name) => ({ name, requested: command.name }))
    const lines = answer.map(({ name }) => `${name}: ${change.requested}`)
    if (changed.length > 0) out.write(command.json ? json(answer) : lines.join('\n'))
    return throwFailures(requests.failed)
  }
  const waits = await forEach(changed, (name) => waitFor(api, name, change.goal, command.timeoutMs))
  if (waits.done.length > 0) {
    const statuses = waits.done.flatMap(({ result }) => result ?? [])
    const names = waits.done.map(({ arg }) => arg).join(', ')
    const text = statuses.length > 0 ? statusTable(statuses, out.terminal) : `${names}: deleted`
    out.write(command.json ? json(statuses) : text)
  }
  throwFailures([...requests.failed, ...waits.failed])
}

/** `headrace restart <name> [--include-tasks] [--only-failed] [--task N] [--wait]` */
export const restart: ClientAction = async (api, command, out) => {
  const { args, includeTasks, onlyFailed, task, timeoutMs } = command
  const [name = ''] = args
  if (task !== undefined && (includeTasks || onlyFailed)) {
    throw new UsageError('restart: --task cannot be combined with --include-tasks or --only-failed')
  }
  const path =
    task === undefined
      ? `/restart?includeTasks=${includeTasks}&onlyFailed=${onlyFailed}`
      : `/tasks/${task}/restart`
  const plan = (await api.request('POST', connectorPath(name) + path)) as ConnectorStatus | undefined
  if (command.wait) {
    const status = await waitFor(api, name, restarted, timeoutMs)
    if (status !== undefined) out.write(command.json ? json(status) : statusTable([status], out.terminal))
    return
  }
  say(out, command.json, name, task, plan)
}

function say(
  out: Output,
  asJson: boolean,
  name: string,
  task: number | undefined,
  plan: ConnectorStatus | undefined,
): void {
  if (asJson) return out.write(json(plan ?? { name, requested: 'restart' }))
  if (plan !== undefined) return out.write(`${name}: ${planText(plan)}`)
  const others = 'connector restarted; --include-tasks restarts its tasks too'
  out.write(`${name}: ${task === undefined ? others : `restarting task ${task}`}`)
}

function planText({ connector, tasks }: ConnectorStatus): string {
  const parts = [
    ...(connector.state === 'RESTARTING' ? ['the connector'] : []),
    ...tasks
      .filter(({ state }) => state === 'RESTARTING')
      .map(({ id }) => id)
      .toSorted((a, b) => a - b)
      .map((id) => `task ${id}`),
  ]
  const now = `connector ${connector.state}, tasks: ${taskSummary(tasks)}`
  return parts.length === 0 ? `nothing to restart (${now})` : `restarting ${parts.join(', ')}`
}
