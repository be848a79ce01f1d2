import { between, defineConfig, rule } from '../../../../api/index.ts'
import { inGroup, int, list, secret, text } from '../../../shared/setting-rules.ts'
import { onlyDefault, oneOfNames, refused } from './rules.ts'

const wide = { importance: 'low', width: 'long' } as const

/** Source: ElasticsearchSinkConnectorConfig.addProxyConfigs. */
export const proxySettings = inGroup(
  'Proxy',
  defineConfig({
    'proxy.host': {
      ...text,
      default: '',
      ...wide,
      displayName: 'Proxy Host',
      doc: 'Host of an HTTP proxy for all connections to the servers. Those with https are tunnelled.',
    },
    'proxy.port': {
      ...int,
      default: 8080,
      validate: between(1, 65_535),
      ...wide,
      displayName: 'Proxy Port',
      doc: 'Port of the proxy.',
    },
    'proxy.username': {
      ...text,
      default: '',
      ...wide,
      displayName: 'Proxy Username',
      doc: 'User for the proxy, with basic authentication. Set it together with proxy.password.',
    },
    'proxy.password': {
      ...secret,
      default: null,
      ...wide,
      displayName: 'Proxy Password',
      doc: 'Password of the user of the proxy.',
    },
  }),
  0,
)

const JAVA_ONLY = 'classes and algorithms of Java cannot be used; leave it at its default'
const storeFormat = rule('[JKS, PKCS12, PEM]', (value) =>
  value === null || ['JKS', 'PKCS12', 'PEM'].includes(String(value).toUpperCase())
    ? undefined
    : 'PKCS12 or PEM is expected',
)
const tlsVersion = rule('[TLS, TLSv1.2, TLSv1.3]', (value) =>
  value === null || ['TLS', 'TLSv1.2', 'TLSv1.3'].includes(String(value))
    ? undefined
    : 'TLSv1.2 or TLSv1.3 is expected',
)
const tlsVersions = rule('[TLSv1.2, TLSv1.3]', (value) =>
  Array.isArray(value) && value.every((name) => /^TLSv1\.[23]$/.test(String(name)))
    ? undefined
    : 'TLSv1.2 and TLSv1.3 are possible',
)

/** Names without the prefix that connectors put before them. Source: SslConfigs.addClientSslSupport. */
const tlsSettings = defineConfig({
  'ssl.key.password': {
    ...secret,
    default: null,
    importance: 'high',
    doc: 'Password of the private key, if it differs from that of the key store.',
  },
  'ssl.keystore.certificate.chain': {
    ...secret,
    default: null,
    importance: 'high',
    doc: 'Certificate chain of the connector, as PEM.',
  },
  'ssl.keystore.key': {
    ...secret,
    default: null,
    importance: 'high',
    doc: 'Private key of the connector, as PEM.',
  },
  'ssl.keystore.location': {
    ...text,
    default: null,
    importance: 'high',
    doc: 'File with the private key and the certificate of the connector, PKCS12 or PEM. An empty value stands for none.',
  },
  'ssl.keystore.password': {
    ...secret,
    default: null,
    importance: 'high',
    doc: 'Password of the key store.',
  },
  'ssl.truststore.certificates': {
    ...secret,
    default: null,
    importance: 'high',
    doc: 'Trusted certificates, as PEM.',
  },
  'ssl.truststore.location': {
    ...text,
    default: null,
    importance: 'high',
    doc: 'File with the trusted certificates, PKCS12 or PEM. Without one, the certificates of Node.js are trusted. An empty value stands for none.',
  },
  'ssl.truststore.password': {
    ...secret,
    default: null,
    importance: 'high',
    doc: 'Password of the trust store.',
  },
  'ssl.enabled.protocols': {
    ...list,
    default: ['TLSv1.2', 'TLSv1.3'],
    validate: tlsVersions,
    importance: 'medium',
    doc: 'Enabled TLS versions.',
  },
  'ssl.keystore.type': {
    ...text,
    default: 'JKS',
    validate: storeFormat,
    importance: 'medium',
    doc: 'Format of the key store. PKCS12 and PEM are told apart by their content; JKS cannot be read.',
  },
  'ssl.protocol': {
    ...text,
    default: 'TLSv1.3',
    validate: tlsVersion,
    importance: 'medium',
    doc: 'Highest TLS version in Java. Here the enabled protocols decide.',
  },
  'ssl.provider': {
    ...text,
    default: null,
    validate: refused(JAVA_ONLY),
    importance: 'medium',
    doc: 'Security provider of Java. Not supported.',
  },
  'ssl.truststore.type': {
    ...text,
    default: 'JKS',
    validate: storeFormat,
    importance: 'medium',
    doc: 'Format of the trust store. PKCS12 and PEM are told apart by their content; JKS cannot be read.',
  },
  'ssl.cipher.suites': {
    ...list,
    default: [],
    importance: 'low',
    doc: 'Enabled cipher suites, by their names in OpenSSL; those of Node.js if the list is empty.',
  },
  'ssl.endpoint.identification.algorithm': {
    ...text,
    default: 'https',
    validate: rule('[https, ]', (value) =>
      value === null || ['https', ''].includes(String(value).toLowerCase())
        ? undefined
        : 'https or an empty value is expected',
    ),
    importance: 'low',
    doc: 'Whether the certificate must be one of the host: https checks it, an empty value does not.',
  },
  'ssl.engine.factory.class': {
    type: 'class',
    default: null,
    validate: refused(JAVA_ONLY),
    importance: 'low',
    doc: 'Class of Java that creates TLS engines. Not supported.',
  },
  'ssl.keymanager.algorithm': {
    ...text,
    default: 'SunX509',
    validate: onlyDefault('SunX509', JAVA_ONLY),
    importance: 'low',
    doc: 'Algorithm of the key manager of Java. Only the default is possible.',
  },
  'ssl.secure.random.implementation': {
    ...text,
    default: null,
    validate: refused(JAVA_ONLY),
    importance: 'low',
    doc: 'Random number generator of Java. Not supported.',
  },
  'ssl.trustmanager.algorithm': {
    ...text,
    default: 'PKIX',
    validate: onlyDefault('PKIX', JAVA_ONLY),
    importance: 'low',
    doc: 'Algorithm of the trust manager of Java. Only the default is possible.',
  },
})

type Prefixed<P extends string, D> = { readonly [K in keyof D & string as `${P}${K}`]: D[K] }

/** Returns the settings of TLS with a prefix; their titles are without it. Source: ConfigDef.embed. */
export function tlsSettingsWith<const P extends string>(prefix: P): Prefixed<P, typeof tlsSettings> {
  const prefixed = Object.entries(tlsSettings).map(([key, setting]) => [
    prefix + key,
    { ...setting, displayName: key },
  ])
  return Object.fromEntries(prefixed) as Prefixed<P, typeof tlsSettings>
}

const protocol = defineConfig({
  'elastic.security.protocol': {
    ...oneOfNames('plaintext', 'ssl'),
    default: 'PLAINTEXT',
    importance: 'medium',
    width: 'short',
    displayName: 'Security protocol',
    doc: 'SSL if settings with the prefix elastic.https. are set. The URLs decide whether TLS is used: PLAINTEXT with https trusts the certificates of Node.js.',
  },
})

/** The position of the first TLS setting in Java, which counts all settings before it. */
const FIRST_TLS = 41

export const securitySettings = {
  ...inGroup('Security', protocol),
  ...inGroup('Security', tlsSettingsWith('elastic.https.'), FIRST_TLS),
}

const NO_KERBEROS = 'Kerberos is not supported; use connection.username, or headrace.api.key'

/** Source: ElasticsearchSinkConnectorConfig.addKerberosConfigs. Differs: Kerberos is refused. */
export const kerberosSettings = inGroup(
  'Kerberos',
  defineConfig({
    'kerberos.user.principal': {
      ...text,
      default: null,
      validate: refused(NO_KERBEROS),
      ...wide,
      displayName: 'Kerberos User Principal',
      doc: 'Principal of Kerberos. Not supported: it needs a native library.',
    },
    'kerberos.keytab.path': {
      ...text,
      default: null,
      validate: refused(NO_KERBEROS),
      ...wide,
      displayName: 'Kerberos Keytab File Path',
      doc: 'Key table of Kerberos. Not supported.',
    },
  }),
  0,
)
