/*
 * Equivalents of Java's and Kafka Connect's text formats, for built-in plugins and the runtime: settings, JSON, regular
 * expressions, dates, numbers, key stores, and the schemaless values of headers. Exported as `headrace/java`; unstable, any release may change it.
 */
export {
  isWellFormed,
  parseConfig,
  parseSetting,
  parseSettingForUse,
  settingText,
} from './config/parse-config.ts'
export type { ParsedSetting } from './config/parse-config.ts'
export { parseValue } from './config/parse-value.ts'
export type { ResolveClass } from './config/parse-value.ts'
export { topicNameFault } from './config/topic-name.ts'
export { nonDuplicateValues } from './config/valid-list.ts'
export { javaClassOf, javaText } from '../api/data/java-text.ts'
export { doubleText, floatText } from '../api/numbers/index.ts'
export {
  dateMs,
  jsonDouble,
  JsonEncoderCache,
  jsonFloat,
  jsonKey,
  JsonNumber,
  jsonString,
  JsonSyntaxError,
  parseJson,
  placeOf,
  printAsObjectMapper,
  printJson,
  refuseStructDefault,
  structWriter,
} from './json/index.ts'
export type { JsonEncodeOptions, JsonEncoder, JsonParseOptions } from './json/index.ts'
export { parseDouble, parseFloat32, parseInteger, toFloat32 } from './numbers/java-numbers.ts'
export { compileJavaRegex, linearSearch, validRegex } from './regex/index.ts'
export type { JavaRegex, LinearSearch } from './regex/index.ts'
export { Shapes } from './structs/shapes.ts'
export { mapBuilder, structBuilder } from './structs/struct-builder.ts'
export type { FieldPlan, StructBuilder } from './structs/struct-builder.ts'
export { simpleDateFormat } from './time/simple-date-format.ts'
export type { DateFormat } from './time/simple-date-format.ts'
export { clientTls, secureContext } from './tls/index.ts'
export type { SslConfig } from './tls/index.ts'
export { dateText, NoMoreTokens, parseValueText, valueText } from './values/index.ts'
