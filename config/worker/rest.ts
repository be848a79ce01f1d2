import { between, defineConfig, oneOf, rule } from '../../api/index.ts'

const listenerList = rule('list of URLs', (value) => {
  if (!Array.isArray(value) || value.length === 0) {
    return 'Invalid value for listeners, at least one URL is expected, ex: http://localhost:8080,https://localhost:8443.'
  }
  return value.includes('') ? 'Empty URL found when parsing listeners list.' : undefined
})

/** Settings of the REST API. Source: RestServerConfig. */
export const restConfig = defineConfig({
  'listeners': {
    type: 'list',
    default: ['http://:8083'],
    validate: listenerList,
    importance: 'low',
    doc: 'Addresses of the REST API, such as http://:8083, separated by commas.',
  },
  'rest.advertised.host.name': {
    type: 'string',
    default: null,
    importance: 'low',
    doc: 'Host name under which other workers reach this one.',
  },
  'rest.advertised.port': {
    type: 'int',
    default: null,
    importance: 'low',
    doc: 'Port under which other workers reach this one.',
  },
  'rest.advertised.listener': {
    type: 'string',
    default: null,
    importance: 'low',
    doc: 'Which listener other workers use: http or https.',
  },
  'access.control.allow.origin': {
    type: 'string',
    default: '',
    importance: 'low',
    doc: 'Origins whose pages may call the API; none by default.',
  },
  'access.control.allow.methods': {
    type: 'string',
    default: '',
    importance: 'low',
    doc: 'Methods that those pages may use; GET, POST and HEAD by default.',
  },
  'admin.listeners': {
    type: 'list',
    default: null,
    importance: 'low',
    doc: 'Addresses of /admin; the same as listeners by default, empty for none.',
  },
  'rest.extension.classes': {
    type: 'list',
    default: [],
    importance: 'low',
    doc: 'Extensions of the API, by class name.',
  },
  'response.http.headers.config': {
    type: 'string',
    default: '',
    importance: 'low',
    doc: 'Headers for every answer: rules such as set X-Frame-Options: DENY, separated by commas.',
  },
  'ssl.client.auth': {
    type: 'string',
    default: 'none',
    validate: oneOf('required', 'requested', 'none'),
    importance: 'low',
    doc: 'Whether HTTPS clients have to show a certificate: required, requested or none.',
  },
  'rest.login.config': {
    type: 'string',
    default: null,
    importance: 'low',
    doc: 'JAAS file with an entry KafkaConnect, for BasicAuthSecurityRestExtension; by default the one that KAFKA_OPTS names.',
    extension: true,
  },
  'rest.request.max.bytes': {
    type: 'int',
    default: 4_194_304,
    validate: between(1024),
    importance: 'low',
    doc: 'Most bytes of the body of a request; more is answered with 413.',
    extension: true,
  },
  'rest.requests.max': {
    type: 'int',
    default: 500,
    validate: between(1),
    importance: 'low',
    doc: 'Most requests that are answered at once; more are answered with 503 and Retry-After.',
    extension: true,
  },
  'rest.mask.passwords': {
    type: 'boolean',
    default: false,
    importance: 'medium',
    doc: 'Whether settings of type password are shown as [hidden]. A PUT of such a value keeps the one that is stored.',
    extension: true,
  },
})
