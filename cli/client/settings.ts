import type { Props } from '../../api/index.ts'
import { nameFault, printProperties, type ConnectorFile } from '../../config/index.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { readConnector } from './input.ts'
import { json } from './output.ts'
import type { ClientAction } from './action.ts'
import { connectorPath, statusTable } from './states.ts'
import { paused, reconfigured, running, stopped, waitFor } from './waiting.ts'
import { explain, noteLines, validation, warningText, warnOfSettings } from './validation.ts'
import type { WorkerApi } from './worker-api.ts'

/** `headrace create <file|-> [--update] [--wait]` */
export const create: ClientAction = async (api, command, out) => {
  const connector = await readConnector(command.args[0])
  const { name } = connector
  const fault = nameFault(name)
  if (fault !== undefined) {
    const message = `${name}: the REST API could not address the connector, not even to delete it: ${fault}`
    throw new CommandError(message, exitCodes.connectorRefused)
  }
  const known = command.update && (await exists(api, name))
  const info = await (known ? replace : add)(api, connector).catch((error: unknown) =>
    explain(api, connector, error),
  )
  await warnOfSettings(api, connector)
  if (!command.wait) {
    return out.write(command.json ? json(info) : `${name}: ${known ? 'settings replaced' : 'created'}`)
  }
  const goal = known ? reconfigured : goals[connector.initialState ?? 'RUNNING']
  const status = await waitFor(api, name, goal, command.timeoutMs)
  if (status !== undefined) out.write(command.json ? json(status) : statusTable([status], out.terminal))
}

const goals = { RUNNING: running, PAUSED: paused, STOPPED: stopped } as const

/** `headrace validate <file|->` */
export const validate: ClientAction = async (api, command, out) => {
  const { name, config } = await readConnector(command.args[0])
  const { answer, errors, warnings } = await validation(api, config)
  if (command.json) out.write(json(answer))
  else {
    const valid = errors.length === 0
    out.write(`${name}: ${valid ? 'all settings are valid' : `invalid settings\n${noteLines(errors)}`}`)
    if (warnings.length > 0) out.write(`${name}: ${warningText(warnings)}`)
  }
  return errors.length === 0 ? exitCodes.done : exitCodes.connectorRefused
}

/** `headrace config <name>`: prints a property file that can be edited and passed to `create --update`. */
export const showConfig: ClientAction = async (api, command, out) => {
  const config = (await api.request('GET', `${connectorPath(command.args[0] ?? '')}/config`)) as Props
  out.write(command.json ? json(config) : printProperties(config))
}

const add = (api: WorkerApi, { name, config, initialState }: ConnectorFile) =>
  api.request('POST', '/connectors', {
    name,
    config,
    ...(initialState === undefined ? {} : { initial_state: initialState }),
  })

const replace = (api: WorkerApi, { name, config }: ConnectorFile) =>
  api.request('PUT', `${connectorPath(name)}/config`, config)

const exists = async (api: WorkerApi, name: string): Promise<boolean> =>
  ((await api.request('GET', '/connectors')) as readonly string[]).includes(name)
