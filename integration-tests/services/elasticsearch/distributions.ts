/** A server and where it comes from. */
export interface Distribution {
  readonly name: 'Elasticsearch' | 'OpenSearch'
  readonly version: string
  /** The server in Maven Central, with few of its modules. */
  readonly artifact: string
  /** Size of the artifact, for messages. */
  readonly size: string
  /** Name of its program and of its property file. */
  readonly program: string
  /** Prefix of its variables. */
  readonly prefix: 'ES' | 'OPENSEARCH'
  /** Options of the JVM that it does not start without. */
  readonly jvm: readonly string[]
  /** Whether the artifact does not answer GET /. */
  readonly lacksRootPage: boolean
  readonly image: string
  /** Variables of the image. */
  readonly imageEnvironment: Readonly<Record<string, string>>
  /** Name of the environment variable with the URL of an existing server. */
  readonly variable: string
}

/**
 * Has security, but no API keys, ingest pipelines and scripts, unless it runs in Docker. Data streams are then only created by
 * documents whose target has a template for them; the requests about data streams are missing.
 */
export const elasticsearch: Distribution = {
  name: 'Elasticsearch',
  version: '8.19.21',
  artifact: 'org.elasticsearch.distribution.integ-test-zip:elasticsearch',
  size: '107 MB',
  program: 'elasticsearch',
  prefix: 'ES',
  jvm: [],
  lacksRootPage: true,
  image: 'docker.elastic.co/elasticsearch/elasticsearch',
  imageEnvironment: {},
  variable: 'ELASTICSEARCH_URL',
}

/** Has data streams, but no security. The last version that runs with Java 17. */
export const opensearch: Distribution = {
  name: 'OpenSearch',
  version: '2.19.5',
  artifact: 'org.opensearch.distribution.integ-test-zip:opensearch',
  size: '52 MB',
  program: 'opensearch',
  prefix: 'OPENSEARCH',
  jvm: [
    '18-:-Djava.security.manager=allow',
    '-Djava.util.concurrent.ForkJoinPool.common.threadFactory=org.opensearch.secure_sm.SecuredForkJoinWorkerThreadFactory',
  ],
  lacksRootPage: false,
  image: 'opensearchproject/opensearch',
  imageEnvironment: { DISABLE_SECURITY_PLUGIN: 'true', DISABLE_INSTALL_DEMO_CONFIG: 'true' },
  variable: 'OPENSEARCH_URL',
}
