import type { ConfigDef, ConverterRole, Props } from '../../api/index.ts'
import { clientSetting } from '../kafka/index.ts'
import type { PluginRegistry } from '../plugins/index.ts'
import { stepSettings } from './steps.ts'

const roles: readonly ConverterRole[] = ['key', 'value', 'header']
const OVERRIDE = /^(producer|consumer|admin)\.override\.(.+)$/
/** Names of settings that hold secrets; used for unknown connectors. */
const SECRET = /password|passphrase|secret|credential|token|private.?key|jaas/i

/**
 * Keys of the settings of type password, according to the definitions of the connector and of all plugins
 * that it names. For an unknown connector, keys whose names suggest a secret.
 */
export function passwordKeys(registry: PluginRegistry, props: Props): string[] {
  const plugin = registry.find(props['connector.class'] ?? '')
  const isConnector = plugin?.kind === 'source' || plugin?.kind === 'sink'
  const defs: ConfigDef[] = [isConnector ? plugin.config : {}, stepSettings(registry, props)]
  const converters = roles.map((role) => {
    const entry = registry.find(props[`${role}.converter`]?.trim() ?? '')
    return { prefix: `${role}.converter.`, config: entry?.kind === 'converter' ? entry.config : {} }
  })
  return Object.keys(props).filter((key) => {
    const [, client, name = ''] = OVERRIDE.exec(key) ?? []
    if (client !== undefined) return clientSetting(client as 'producer', name)?.type === 'password'
    if (defs.some((def) => def[key]?.type === 'password')) return true
    const own = converters.find(({ prefix }) => key.startsWith(prefix))
    if (own !== undefined) return own.config[key.slice(own.prefix.length)]?.type === 'password'
    return !isConnector && SECRET.test(key)
  })
}
