import { isDeepStrictEqual } from 'node:util'
import {
  INT16,
  INT32,
  INT64,
  FLOAT64,
  Secret,
  type ConfigDef,
  type ConfigKey,
  type ConfigType,
  type Schema,
} from '../../api/index.ts'
import { commonConfig, parseValue, sinkConnectorConfig, sourceConnectorConfig } from '../../config/index.ts'
import { keyInfo } from '../../runtime/validation/index.ts'
import { decodeValue } from './decode.ts'
import { errorDifference } from './errors.ts'
import type { RecordedCase, RecordedSetting, TypedValue } from './format.ts'
import { registry } from './plugins.ts'

const RUNTIME = 'org.apache.kafka.connect.runtime'

const runtimeDefinitions: Readonly<Record<string, () => ConfigDef>> = {
  [`${RUNTIME}.ConnectorConfig`]: () => commonConfig(),
  [`${RUNTIME}.SourceConnectorConfig`]: () => sourceConnectorConfig(),
  [`${RUNTIME}.SinkConnectorConfig`]: () => sinkConnectorConfig(),
}

/** Returns the differences between a recorded definition and ours, by setting. Docs are not compared. */
export function compareDefinition(recorded: RecordedCase): string | undefined {
  const def = runtimeDefinitions[recorded.class]?.() ?? registry.find(recorded.class)?.config
  if (def === undefined) return `no such class: ${recorded.class}`
  const expected = (recorded.configs ?? []).map(expectedSetting)
  const found = Object.entries(def).map(([name, setting]) => foundSetting(name, setting))
  if (isDeepStrictEqual(expected, found)) return undefined
  const lines = expected.map((setting, index) => {
    return isDeepStrictEqual(setting, found[index])
      ? ''
      : `expected ${JSON.stringify(setting)}\n         found ${JSON.stringify(found[index])}\n`
  })
  return `${lines.join('')}${found.length > expected.length ? `and ${found.length - expected.length} more` : ''}`
}

function expectedSetting(recorded: RecordedSetting) {
  const { name, type, required, importance, group, orderInGroup, width, displayName, dependents } = recorded
  const { validator, recommender } = recorded
  const fallback = required ? undefined : plainDefault(recorded.default ?? null)
  return {
    name,
    type,
    required,
    importance,
    group,
    orderInGroup,
    width,
    displayName,
    dependents,
    recommender,
    default: fallback,
    validator: rule(validator),
  }
}

function foundSetting(key: string, setting: ConfigKey) {
  const info = keyInfo(key, setting)
  const { name, type, required, importance, group, width, dependents } = info
  return {
    name,
    type,
    required,
    importance,
    group,
    orderInGroup: info.order_in_group,
    width,
    displayName: info.display_name,
    dependents,
    recommender: setting.recommender !== undefined,
    default: setting.default,
    validator: rule(setting.validate?.description),
  }
}

/** The values of a case-insensitive list come from a set, without an order; a lambda has no meaningful text. */
function rule(text: string | undefined): string | undefined {
  if (text === '(custom)') return ''
  const [, list] = /^\(case insensitive\) \[(.*)\]$/.exec(text ?? '') ?? []
  return list === undefined ? text : `(case insensitive) ${list.split(', ').toSorted().join(', ')}`
}

function plainDefault(typed: TypedValue): unknown {
  if (typed === null) return null
  const [content] = Object.values(typed)
  return 'int64' in typed || 'float64' in typed ? Number(content) : content
}

const places: Readonly<Record<string, Schema>> = { INT: INT32, SHORT: INT16, LONG: INT64, DOUBLE: FLOAT64 }

/** The classes that exist here. Recordings also contain a class of the Java library. */
const resolve = (name: string): string | undefined =>
  name === 'java.lang.String' ? name : registry.find(name)?.name

/** Returns the difference between the recorded result of parsing a value and ours. Longs beyond 2^53 are doubles. */
export function compareParsing({
  type = '',
  input = null,
  output = null,
  error,
}: RecordedCase): string | undefined {
  const value = decodeValue(input, places[type] ?? null)
  let parsed: unknown
  try {
    parsed = parseValue('the.name', type.toLowerCase() as ConfigType, value, resolve)
  } catch (failure) {
    if (error !== undefined) return errorDifference(error, failure)
    return `failed: ${String(failure)}`
  }
  if (error !== undefined) return `should fail: ${error.message}, found ${String(parsed)}`
  const found = parsed instanceof Secret ? parsed.reveal() : parsed
  const expected = expectedValue(output)
  return isDeepStrictEqual(expected, found)
    ? undefined
    : `expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`
}

function expectedValue(typed: TypedValue): unknown {
  if (typed === null) return null
  const [[tag, content] = ['', null]] = Object.entries(typed)
  return ['int64', 'float64'].includes(tag) ? Number(content) : content
}
