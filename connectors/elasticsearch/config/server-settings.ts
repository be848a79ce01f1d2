import type { Login, ProxySettings, ServerSettings } from '../server/index.ts'
import type { ElasticsearchSinkConfig } from './definition.ts'
import { serverUrls } from './server-urls.ts'
import { tlsSettingsOf } from './tls-settings.ts'

/** How the servers are reached. Source: ConfigCallbackHandler. */
export function serverSettings(config: ElasticsearchSinkConfig): ServerSettings {
  return {
    product: 'elasticsearch',
    urls: serverUrls(config['connection.url']),
    login: loginOf(config),
    tls: usesTlsSettings(config) ? tlsSettingsOf('elastic.https.', config) : null,
    proxy: proxyOf(config),
    connectTimeoutMs: config['connection.timeout.ms'],
    readTimeoutMs: config['read.timeout.ms'],
    compression: config['connection.compression'],
    maxIdleMs: config['max.connection.idle.time.ms'],
  }
}

/** Whether `elastic.security.protocol` is `SSL`. */
export const usesTlsSettings = (config: ElasticsearchSinkConfig): boolean =>
  config['elastic.security.protocol'].toUpperCase() === 'SSL'

function loginOf(config: ElasticsearchSinkConfig): Login | null {
  const { 'headrace.api.key': key, 'connection.username': user, 'connection.password': password } = config
  if (key !== null) return { kind: 'api-key', key }
  return user === null || password === null ? null : { kind: 'basic', user, password }
}

function proxyOf(config: ElasticsearchSinkConfig): ProxySettings | null {
  const host = config['proxy.host']
  if (host === '') return null
  const { 'proxy.username': user, 'proxy.password': password } = config
  const login = user === '' || password === null ? null : { user, password }
  return { host, port: config['proxy.port'], login }
}
