import { text as readAll } from 'node:stream/consumers'
import type { Props } from '../../api/index.ts'
import {
  loadConnectorFile,
  parseConnectorFile,
  printProperties,
  type ConnectorFile,
} from '../../config/index.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { json, printable } from './output.ts'
import type { ClientAction } from './run.ts'
import { connectorPath, statusTable } from './states.ts'
import { paused, restarted, running, stopped, waitFor } from './waiting.ts'
import { RefusedRequest, type WorkerApi } from './worker-api.ts'

interface SettingErrors {
  readonly key: string
  readonly errors: readonly string[]
}

interface ConfigInfos {
  readonly error_count: number
  readonly configs: readonly {
    readonly value: { readonly name: string; readonly errors: readonly string[] }
  }[]
}

/** `headrace create <file|-> [--update] [--wait]` */
export const create: ClientAction = async (api, command, out) => {
  const connector = await readConnector(command.args[0])
  const { name } = connector
  const known = command.update && (await exists(api, name))
  const info = await (known ? replace : add)(api, connector).catch((error: unknown) =>
    explain(api, connector, error),
  )
  if (!command.wait) {
    return out.write(command.json ? json(info) : `${name}: ${known ? 'settings replaced' : 'created'}`)
  }
  const goal = known ? { ...restarted, text: 'to go on' } : goals[connector.initialState ?? 'RUNNING']
  const status = await waitFor(api, name, goal, command.timeoutMs)
  if (status !== undefined) out.write(command.json ? json(status) : statusTable([status], out.terminal))
}

const goals = { RUNNING: running, PAUSED: paused, STOPPED: stopped } as const

/** `headrace validate <file|->` */
export const validate: ClientAction = async (api, command, out) => {
  const { name, config } = await readConnector(command.args[0])
  const infos = await ask(api, config)
  const faults = faultsOf(infos)
  if (command.json) out.write(json(infos))
  else if (faults.length === 0) out.write(`${name}: all settings are valid`)
  else out.write(`${name}: settings are wrong\n${faultLines(faults)}`)
  return faults.length === 0 ? exitCodes.done : exitCodes.connectorRefused
}

/** `headrace config <name>`: as a property file, so that it can be changed and given to `create --update`. */
export const showConfig: ClientAction = async (api, command, out) => {
  const config = (await api.request('GET', `${connectorPath(command.args[0] ?? '')}/config`)) as Props
  out.write(command.json ? json(config) : printProperties(config))
}

/** A connector from a file, or from standard input (`-`). */
export async function readConnector(file = ''): Promise<ConnectorFile> {
  return file === '-'
    ? parseConnectorFile(await readAll(process.stdin), 'standard input')
    : loadConnectorFile(file)
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

/** A refusal of settings, with each setting that is at fault: the worker's own message does not name them. */
export async function explain(
  api: WorkerApi,
  { name, config }: ConnectorFile,
  error: unknown,
): Promise<never> {
  if (!(error instanceof RefusedRequest)) throw error
  if (error.status === 409) throw new CommandError(`${error.message}; --update replaces its settings`)
  if (error.status !== 400) throw error
  const faults = await ask(api, config).then(faultsOf, () => [])
  const text = faults.length === 0 ? error.message : `settings are wrong\n${faultLines(faults)}`
  throw new CommandError(`${name}: ${text}`, exitCodes.connectorRefused)
}

async function ask(api: WorkerApi, config: Props): Promise<ConfigInfos> {
  const className = config['connector.class']?.trim() ?? ''
  if (className === '') {
    const message = 'the setting connector.class is missing: it says which connector it is'
    throw new CommandError(message, exitCodes.connectorRefused)
  }
  const path = `/connector-plugins/${encodeURIComponent(className)}/config/validate`
  return (await api.request('PUT', path, config)) as ConfigInfos
}

const faultsOf = ({ configs }: ConfigInfos): SettingErrors[] =>
  configs.flatMap(({ value: { name, errors } }) =>
    errors.length === 0 ? [] : [{ key: name, errors: [...new Set(errors)] }],
  )

const faultLines = (faults: readonly SettingErrors[]): string =>
  faults.flatMap(({ key, errors }) => errors.map((error) => `  ${key}: ${printable(error)}`)).join('\n')
