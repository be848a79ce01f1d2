import { version } from '../api/index.ts'

const common = { kind: 'converter', version } as const
const everywhere = { ...common, roles: ['key', 'value', 'header'] } as const

/** Names and roles of the built-in converters. Does not load their code. */
export const converterCatalog = {
  json: { ...everywhere, name: 'org.apache.kafka.connect.json.JsonConverter' },
  string: { ...everywhere, name: 'org.apache.kafka.connect.storage.StringConverter' },
  byteArray: { ...everywhere, name: 'org.apache.kafka.connect.converters.ByteArrayConverter' },
  boolean: { ...everywhere, name: 'org.apache.kafka.connect.converters.BooleanConverter' },
  short: { ...everywhere, name: 'org.apache.kafka.connect.converters.ShortConverter' },
  integer: { ...everywhere, name: 'org.apache.kafka.connect.converters.IntegerConverter' },
  long: { ...everywhere, name: 'org.apache.kafka.connect.converters.LongConverter' },
  float: { ...everywhere, name: 'org.apache.kafka.connect.converters.FloatConverter' },
  double: { ...everywhere, name: 'org.apache.kafka.connect.converters.DoubleConverter' },
  simpleHeader: {
    ...common,
    roles: ['header'],
    name: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  },
} as const
