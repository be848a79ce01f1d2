import type { ConfigFault, TaskProps } from '../../../../api/index.ts'
import type { ElasticsearchSinkConfig } from '../definition.ts'
import { usesTlsSettings } from '../server-settings.ts'
import { faultOf } from './fault.ts'

/** Checks logins, the proxy and TLS. */
export function accessFaults(config: ElasticsearchSinkConfig, props: TaskProps): readonly ConfigFault[] {
  return [...loginFaults(config), ...proxyFaults(config), ...tlsFaults(config, props)]
}

function loginFaults(config: ElasticsearchSinkConfig): readonly ConfigFault[] {
  const { 'headrace.api.key': key, 'connection.username': user, 'connection.password': password } = config
  const keys = ['connection.username', 'connection.password'] as const
  if (key !== null && (user !== null || password !== null)) {
    return faultOf(
      `Either 'headrace.api.key' or '${keys[0]}' and '${keys[1]}' can be set.`,
      'headrace.api.key',
      ...keys,
    )
  }
  if ((user === null) === (password === null)) return []
  return faultOf(`Both '${keys[0]}' and '${keys[1]}' must be set.`, ...keys)
}

function proxyFaults(config: ElasticsearchSinkConfig): readonly ConfigFault[] {
  const { 'proxy.host': host, 'proxy.username': user, 'proxy.password': password } = config
  if (host !== '') {
    if ((user === '') === (password === null)) return []
    const message = "Either both or neither 'proxy.username' and 'proxy.password' can be set."
    return faultOf(message, 'proxy.username', 'proxy.password')
  }
  return [
    ...(user === '' ? [] : needsHost('proxy.username')),
    ...(password === null ? [] : needsHost('proxy.password')),
  ]
}

const needsHost = (key: string): ConfigFault[] =>
  faultOf(`'proxy.host' must be set to use '${key}'.`, key, 'proxy.host')

const PREFIX = 'elastic.https.'

function tlsFaults(config: ElasticsearchSinkConfig, props: TaskProps): readonly ConfigFault[] {
  const key = 'elastic.security.protocol'
  const isSet = Object.keys(props).some((name) => name.startsWith(PREFIX))
  if (isSet === usesTlsSettings(config)) return []
  if (isSet) return faultOf(`'${key}' must be set to 'SSL' to use SSL configs.`, key)
  const needed = ['keystore.location', 'keystore.password', 'truststore.location', 'truststore.password'].map(
    (name) => `'${PREFIX}ssl.${name}'`,
  )
  return faultOf(
    `At least these SSL configs (${needed.slice(0, -1).join(', ')}, and ${needed.at(-1)}) must be present for SSL support. Otherwise set '${key}' to 'PLAINTEXT'.`,
    key,
  )
}
