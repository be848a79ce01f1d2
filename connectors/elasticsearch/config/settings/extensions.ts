import { between, defineConfig, messageOf, nonEmpty, rule, type Validator } from '../../../../api/index.ts'
import { asExtensions, int, secret, text } from '../../../shared/setting-rules.ts'
import { parseNameTemplate } from '../../targets/name-template.ts'

const nameTemplate = rule('A template with ${topic}, ${timestamp:<pattern>} and ${field:<path>}', (value) => {
  if (value === null) return undefined
  try {
    parseNameTemplate(String(value))
    return undefined
  } catch (error) {
    return messageOf(error)
  }
})

const fromZero = between(0)
const fromZeroOrUnset: Validator = {
  description: '[0,...] or unset',
  check: (key, value) => (value === null ? undefined : fromZero.check(key, value)),
}

/** Own settings. Responses include only those that the request sets. */
export const extensionSettings = asExtensions(
  defineConfig({
    'headrace.api.key': {
      ...secret,
      default: null,
      importance: 'medium',
      doc: 'API key for the servers instead of a user, in its encoded form: id:key in Base64, as the server returns it.',
    },
    'headrace.index.name': {
      ...text,
      default: null,
      validate: nameTemplate,
      importance: 'medium',
      examples: ['${topic}-${timestamp:yyyy.MM.dd}', 'shop-${field:customer.country}'],
      doc: 'Names of the indexes. ${topic} stands for the topic, ${timestamp:yyyy.MM.dd} for the timestamp of the record in UTC with a pattern of SimpleDateFormat, and ${field:customer.country} for a field of the value. Names are in lower case. Default: the topic.',
    },
    'headrace.routing.field': {
      ...text,
      default: null,
      validate: nonEmpty,
      importance: 'low',
      examples: ['customer.id'],
      doc: 'Field of the value whose text routes the document to a shard. Dots separate the names of nested fields. Default: the id of the document.',
    },
    'headrace.pipeline': {
      ...text,
      default: null,
      validate: nonEmpty,
      importance: 'low',
      doc: 'Ingest pipeline that documents pass through. Default: that of the index.',
    },
    'headrace.retry.on.conflict': {
      ...int,
      default: null,
      validate: fromZeroOrUnset,
      importance: 'low',
      doc: 'How often the server itself tries an update again that meets another one of the same document, with write.method=UPSERT. Default: max.in.flight.requests, at most 5.',
    },
  }),
)
