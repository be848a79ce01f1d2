import { between, defineConfig, oneOf, rule } from '../../api/index.ts'
import { optional } from './rules.ts'

const listenerList = rule('list of URLs', (value) => {
  if (!Array.isArray(value) || value.length === 0) {
    return 'Invalid value for listeners, at least one URL is expected, ex: http://localhost:8080,https://localhost:8443.'
  }
  return value.includes('') ? 'Empty URL found when parsing listeners list.' : undefined
})

/**
 * Settings of the REST API. Source: RestServerConfig.
 *
 * Differs: Java accepts any number for `rest.advertised.port`, even if the resulting URL is invalid.
 */
export const restConfig = defineConfig({
  'listeners': {
    type: 'list',
    default: ['http://:8083'],
    validate: listenerList,
    importance: 'low',
    doc: 'URLs that the REST API listens on, such as http://:8083, separated by commas.',
  },
  'rest.advertised.host.name': {
    type: 'string',
    default: null,
    importance: 'low',
    doc: 'Host name that other workers use to reach this worker.',
  },
  'rest.advertised.port': {
    type: 'int',
    default: null,
    validate: optional(between(0, 65_535)),
    importance: 'low',
    doc: 'Port that other workers use to reach this worker.',
  },
  'rest.advertised.listener': {
    type: 'string',
    default: null,
    importance: 'low',
    doc: 'Listener that other workers use: http or https.',
  },
  'access.control.allow.origin': {
    type: 'string',
    default: '',
    importance: 'low',
    doc: 'Origins that may send cross-origin requests; none by default.',
  },
  'access.control.allow.methods': {
    type: 'string',
    default: '',
    importance: 'low',
    doc: 'Methods allowed in cross-origin requests; GET, POST and HEAD by default.',
  },
  'admin.listeners': {
    type: 'list',
    default: null,
    importance: 'low',
    doc: 'URLs that /admin listens on; the same as listeners by default. An empty value disables /admin.',
  },
  'rest.extension.classes': {
    type: 'list',
    default: [],
    importance: 'low',
    doc: 'Class names of REST extensions.',
  },
  'response.http.headers.config': {
    type: 'string',
    default: '',
    importance: 'low',
    doc: 'Rules for the headers of all responses, such as set X-Frame-Options: DENY, separated by commas.',
  },
  'ssl.client.auth': {
    type: 'string',
    default: 'none',
    validate: oneOf('required', 'requested', 'none'),
    importance: 'low',
    doc: 'Whether HTTPS clients must present a certificate: required, requested or none.',
  },
  'rest.login.config': {
    type: 'string',
    default: null,
    importance: 'low',
    doc: 'JAAS file with a KafkaConnect entry for BasicAuthSecurityRestExtension; the file named in KAFKA_OPTS by default.',
    extension: true,
  },
  'rest.request.max.bytes': {
    type: 'int',
    default: 4_194_304,
    validate: between(1024),
    importance: 'low',
    doc: 'Maximum size of a request body, in bytes; larger requests are rejected with 413.',
    extension: true,
  },
  'rest.requests.max': {
    type: 'int',
    default: 500,
    validate: between(1),
    importance: 'low',
    doc: 'Maximum number of concurrent requests; further requests are rejected with 503 and Retry-After.',
    extension: true,
  },
  'rest.mask.passwords': {
    type: 'boolean',
    default: false,
    importance: 'medium',
    doc: 'Whether responses show settings of type password as [hidden]. A PUT with [hidden] keeps the stored value.',
    extension: true,
  },
})
