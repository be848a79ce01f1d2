import { between, defineConfig, oneOf, type Infer } from '../../../api/index.ts'

/** Settings of all clients (producer, consumer, admin), with the defaults of Kafka's Java clients. */
export const clientConfig = defineConfig({
  'bootstrap.servers': {
    type: 'list',
    importance: 'high',
    doc: 'Brokers to contact first, as host:port, separated by commas.',
  },
  'client.id': {
    type: 'string',
    default: '',
    importance: 'medium',
    doc: 'Name shown in the logs of brokers.',
  },
  'request.timeout.ms': {
    type: 'int',
    default: 30_000,
    validate: between(0),
    importance: 'medium',
    doc: 'Longest wait for the answer to one request, in milliseconds.',
  },
  'retry.backoff.ms': {
    type: 'long',
    default: 100,
    validate: between(0),
    importance: 'low',
    doc: 'First wait before a failed request is tried again, in milliseconds; it doubles each time.',
  },
  'retry.backoff.max.ms': {
    type: 'long',
    default: 1000,
    validate: between(0),
    importance: 'low',
    doc: 'Longest wait before a failed request is tried again, in milliseconds.',
  },
  'reconnect.backoff.ms': {
    type: 'long',
    default: 50,
    validate: between(0),
    importance: 'low',
    doc: 'First wait before a broker is connected to again, in milliseconds; it doubles each time.',
  },
  'reconnect.backoff.max.ms': {
    type: 'long',
    default: 1000,
    validate: between(0),
    importance: 'low',
    doc: 'Longest wait before a broker is connected to again, in milliseconds.',
  },
  'socket.connection.setup.timeout.ms': {
    type: 'long',
    default: 10_000,
    validate: between(0),
    importance: 'medium',
    doc: 'Longest wait for a connection to open, in milliseconds.',
  },
  'metadata.max.age.ms': {
    type: 'long',
    default: 300_000,
    validate: between(0),
    importance: 'low',
    doc: 'Time after which topics and leaders are asked for again without need, in milliseconds.',
  },
  'security.protocol': {
    type: 'string',
    default: 'PLAINTEXT',
    validate: oneOf('PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'),
    importance: 'medium',
    doc: 'How brokers are talked to: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.',
  },
})

export type ClientConfig = Infer<typeof clientConfig>

/** Security settings for connections. */
export const securityConfig = defineConfig({
  'sasl.mechanism': {
    type: 'string',
    default: 'GSSAPI',
    importance: 'medium',
    doc: 'PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.',
  },
  'sasl.jaas.config': {
    type: 'password',
    default: null,
    importance: 'medium',
    doc: 'Login module with user name and password, in the format of JAAS files.',
  },
  'ssl.endpoint.identification.algorithm': {
    type: 'string',
    default: 'https',
    importance: 'low',
    doc: 'https checks that the certificate is for the host; empty does not.',
  },
  'ssl.protocol': {
    type: 'string',
    default: 'TLSv1.3',
    importance: 'medium',
    doc: 'Taken for compatibility: ssl.enabled.protocols says which versions may be used.',
  },
  'ssl.enabled.protocols': {
    type: 'list',
    default: ['TLSv1.2', 'TLSv1.3'],
    importance: 'medium',
    doc: 'TLS versions that may be used.',
  },
  'ssl.cipher.suites': {
    type: 'list',
    default: null,
    importance: 'low',
    doc: 'Ciphers that may be used; all by default.',
  },
  'ssl.truststore.type': {
    type: 'string',
    default: 'JKS',
    importance: 'medium',
    doc: 'Taken for compatibility: whether a file is PEM or PKCS12 is seen from its content.',
  },
  'ssl.truststore.location': {
    type: 'string',
    default: null,
    importance: 'high',
    doc: 'File with the certificates that brokers may be signed by.',
  },
  'ssl.truststore.password': {
    type: 'password',
    default: null,
    importance: 'high',
    doc: 'Password of that file.',
  },
  'ssl.truststore.certificates': {
    type: 'password',
    default: null,
    importance: 'high',
    doc: 'Trusted certificates themselves, as PEM.',
  },
  'ssl.keystore.type': {
    type: 'string',
    default: 'JKS',
    importance: 'medium',
    doc: 'Taken for compatibility: whether a file is PEM or PKCS12 is seen from its content.',
  },
  'ssl.keystore.location': {
    type: 'string',
    default: null,
    importance: 'high',
    doc: "File with the client's own key and certificate.",
  },
  'ssl.keystore.password': {
    type: 'password',
    default: null,
    importance: 'high',
    doc: 'Password of that file.',
  },
  'ssl.key.password': {
    type: 'password',
    default: null,
    importance: 'high',
    doc: 'Password of the key itself.',
  },
  'ssl.keystore.key': {
    type: 'password',
    default: null,
    importance: 'high',
    doc: "The client's key itself, as PEM.",
  },
  'ssl.keystore.certificate.chain': {
    type: 'password',
    default: null,
    importance: 'high',
    doc: "The client's certificates themselves, as PEM.",
  },
})

export type SecurityConfig = Infer<typeof securityConfig>
