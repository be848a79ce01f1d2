import type { ConnectionOptions, TlsOptions } from 'node:tls'
import { ConnectError, type Props } from '../../../api/index.ts'
import { parseConfig, withPrefix } from '../../../config/index.ts'
import { secureContext } from '../../../java/index.ts'
import { securityConfig, type SecurityConfig } from './table/index.ts'

/**
 * Returns the TLS options of HTTPS listeners, from the settings with a prefix or, if there are none, those
 * without it.
 *
 * Throws `HR_CONFIG_INVALID`. Source: SSLUtils.createServerSideSslContextFactory.
 */
export async function serverTls(
  props: Props,
  prefix: 'listeners.https.' | 'admin.listeners.https.',
): Promise<TlsOptions> {
  const settings = settingsOf(props, prefix)
  const context = await secureContext(securityOf(settings))
  if (context.cert === undefined && context.pfx === undefined) {
    const configKey = `${prefix}ssl.keystore.location`
    const message = `${configKey} is missing: an HTTPS listener requires a key and a certificate, in PEM or PKCS12 format`
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey })
  }
  const clientAuth = settings['ssl.client.auth'] ?? 'none'
  return { ...context, requestCert: clientAuth !== 'none', rejectUnauthorized: clientAuth === 'required' }
}

/**
 * Returns the TLS options for requests to other workers. Source: SSLUtils.createClientSideSslContextFactory.
 */
export async function peerTls(props: Props): Promise<ConnectionOptions> {
  const config = securityOf(settingsOf(props, 'listeners.https.'))
  // Unlike a Kafka client, Java's REST client verifies host names only if configured
  const checksNames =
    settingsOf(props, 'listeners.https.')['ssl.endpoint.identification.algorithm'] === 'https'
  return {
    ...(await secureContext(config)),
    ...(checksNames ? {} : { checkServerIdentity: () => undefined }),
  }
}

function settingsOf(props: Props, prefix: string): Props {
  const own = withPrefix(props, prefix)
  return Object.keys(own).length > 0 ? own : props
}

const securityOf = (props: Props): SecurityConfig => parseConfig(securityConfig, props)
