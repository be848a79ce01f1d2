import { UsageError } from '../exit-codes.ts'
import { json } from './output.ts'
import type { ClientAction } from './action.ts'
import { connectorPath, statusTable } from './states.ts'
import { explain, warnOfSettings } from './validation.ts'
import { reconfigured, waitFor } from './waiting.ts'

interface ConnectorInfo {
  readonly name: string
  readonly config: Readonly<Record<string, string | null>>
}

/** `headrace patch <name> [<key>=<value>]… [--unset <key>]…` */
export const patch: ClientAction = async (api, command, out) => {
  const [name = '', ...pairs] = command.args
  const changes = Object.fromEntries([
    ...pairs.map(pairOf),
    ...command.unset.map((key) => [key, null] as const),
  ])
  if (Object.keys(changes).length === 0) throw new UsageError('patch: missing <key>=<value> or --unset <key>')
  const path = `${connectorPath(name)}/config`
  const info = (await api.request('PATCH', path, changes).catch(async (error: unknown) => {
    const config = (await api.request('GET', path)) as ConnectorInfo['config']
    return explain(api, { name, config: { ...config, ...changes }, initialState: undefined }, error)
  })) as ConnectorInfo
  await warnOfSettings(api, { name, config: info.config, initialState: undefined })
  if (!command.wait) return out.write(command.json ? json(info) : `${name}: settings changed`)
  const status = await waitFor(api, name, reconfigured, command.timeoutMs)
  if (status !== undefined) out.write(command.json ? json(status) : statusTable([status], out.terminal))
}

function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at <= 0) throw new UsageError(`patch: ${text}: expected key=value`)
  return [text.slice(0, at).trim(), text.slice(at + 1)]
}
