import { ConnectError, type Props } from '../../../api/index.ts'

/**
 * Returns the config with its `name` set. A name in the config must match the connector's name.
 *
 * Throws `HR_BAD_REQUEST`. Source: ConnectorsResource.checkAndPutConnectorConfigName.
 */
export function withName(name: string, config: Props): Props {
  const inside = config['name']
  if (inside === undefined || inside === null) return { ...config, name }
  if (inside === name) return config
  const message = `Connector name configuration (${inside}) doesn't match connector name in the URL (${name})`
  throw new ConnectError('HR_BAD_REQUEST', message)
}

/**
 * Applies changes to individual settings; null removes a setting.
 *
 * Source: ConnectUtils.patchConfig (KIP-477).
 */
export function withChanges(present: Props, changes: Props): Props {
  const kept = Object.entries(present).filter(([key]) => !Object.hasOwn(changes, key))
  return Object.fromEntries([...kept, ...Object.entries(changes).filter(([, value]) => value !== null)])
}
