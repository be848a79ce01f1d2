import { Type } from 'typebox'
import { ConnectError, errorCodes, isConnectError } from '../../api/index.ts'
import { inTime, type ConfigInfos, type ConfigKeyInfo } from '../../runtime/index.ts'
import type { Routes } from '../api.ts'
import { HttpError, MistakenRequest } from '../errors.ts'
import { flagParam, isTrue, textParam } from '../schemas/parameters.ts'
import { ConfigKeys, Plugins, Validation } from '../schemas/plugin.ts'
import { Settings } from '../schemas/settings.ts'

const Selection = Type.Object({
  connectorsOnly: flagParam('Whether to list connectors only; true by default'),
})
const Version = Type.Object({
  version: textParam('Version, or version range in Maven syntax; the latest version by default'),
})
const pluginParams = Type.Object({
  plugin: Type.String({ description: 'Full or simple class name of the plugin' }),
})

export const pluginRoutes: Routes = (api, { herder, mask }) => {
  api.get(
    '/connector-plugins',
    {
      schema: {
        summary: 'List the plugins of this worker; connectors only by default',
        operationId: 'listPlugins',
        querystring: Selection,
        response: { 200: Plugins },
      },
    },
    async ({ query: { connectorsOnly } }) => {
      const given = [connectorsOnly].flat()[0] ?? ''
      const all = given !== '' && !isTrue(given) // an empty parameter counts as absent
      const plugins = (await herder.plugins()).filter(({ kind }) => kind !== 'configprovider')
      return plugins
        .filter(({ kind }) => all || kind === 'sink' || kind === 'source')
        .map(({ className, kind, version }) => ({ class: className, type: kind, version }))
    },
  )

  api.get(
    '/connector-plugins/:plugin/config',
    {
      schema: {
        summary: 'List the settings of a plugin',
        operationId: 'getPluginConfig',
        params: pluginParams,
        querystring: Version,
        response: { 200: ConfigKeys },
      },
    },
    async ({ params: { plugin }, query: { version } }) => {
      const keys = await inTime(herder, herder.pluginConfig(plugin, [version].flat()[0]))
      return keys.map(connectKey)
    },
  )

  api.put(
    '/connector-plugins/:plugin/config/validate',
    {
      schema: {
        summary: 'Validate the settings of a connector without creating it',
        operationId: 'validateConnectorConfig',
        params: pluginParams,
        body: Settings,
        response: { 200: Validation },
      },
    },
    async ({ params: { plugin }, body }) => {
      refuseOtherPlugin(plugin, body['connector.class'])
      const props = await mask.restored(body['name'] ?? '', body)
      return connectInfos(await inTime(herder, herder.validate(props).catch(wrapped)))
    },
  )
}

/** Returns the properties of a key that Kafka Connect has. `/headrace/validate` returns all. */
function connectKey(info: ConfigKeyInfo) {
  const { examples: _examples, deprecated: _deprecated, since: _since, ...key } = info
  return key
}

function connectInfos(infos: ConfigInfos) {
  const configs = infos.configs.map(({ definition, value }) => ({
    definition: definition === null ? null : connectKey(definition),
    value,
  }))
  return { ...infos, configs }
}

/** Source: ConnectorPluginsResource.normalizedPluginName. */
function refuseOtherPlugin(plugin: string, className: string | null | undefined): void {
  if (className === undefined || className === null) return
  if (shortened(className).endsWith(shortened(plugin))) return
  const message = `Included connector type ${className} does not match request type ${plugin}`
  throw new ConnectError('HR_BAD_REQUEST', message)
}

const shortened = (name: string): string =>
  name.length > 'Connector'.length ? name.replace(/Connector$/, '') : name

/** The Java worker responds with 500 to settings it cannot validate, with the error class before the message. */
function wrapped(error: unknown): never {
  if (!isConnectError(error) || error.code === 'HR_REQUEST_TIMEOUT') throw error
  const message = `${error.javaClass}: ${error.message}`
  throw errorCodes[error.code].http < 500 ? new MistakenRequest(message) : new HttpError(500, message)
}
