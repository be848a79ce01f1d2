import { ConnectError, type Props } from '../../../api/index.ts'

/**
 * A name in the settings has to be the connector's own; without one it is put there.
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

/** Settings with single ones changed; null takes one away. Source: ConnectUtils.patchConfig (KIP-477). */
export function withChanges(present: Props, changes: Props): Props {
  const kept = Object.entries(present).filter(([key]) => !Object.hasOwn(changes, key))
  return Object.fromEntries([...kept, ...Object.entries(changes).filter(([, value]) => value !== null)])
}
