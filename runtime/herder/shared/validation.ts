import { ConnectError, type Props } from '../../../api/index.ts'
import type { ConfigInfos } from '../../validation/index.ts'

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

/** Throws `HR_BAD_REQUEST` with all errors when settings are not valid. Source: AbstractHerder.maybeAddConfigErrors. */
export function refuseInvalid(infos: ConfigInfos): void {
  if (infos.error_count === 0) return
  const errors = infos.configs.flatMap(({ value }) => value?.errors ?? [])
  const head = `Connector configuration is invalid and contains the following ${infos.error_count} error(s):`
  const foot =
    'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`'
  throw new ConnectError('HR_BAD_REQUEST', [head, ...errors, foot].join('\n'))
}

/** Settings with single ones changed; null takes one away. Source: ConnectUtils.patchConfig (KIP-477). */
export function withChanges(present: Props, changes: Props): Props {
  const kept = Object.entries(present).filter(([key]) => !Object.hasOwn(changes, key))
  return Object.fromEntries([...kept, ...Object.entries(changes).filter(([, value]) => value !== null)])
}
