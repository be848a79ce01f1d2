import type { Schema } from '../../../api/index.ts'

/** Parameters that only document a schema. */
const documentation = new Set(['connect.record.doc', 'connect.record.aliases', 'connect.record.namespace'])
const fieldDocumentation = 'io.confluent.connect.avro.field.doc.'

/** Parameters that mark an enum. Its symbols are parameters as well. */
const enumMarks = [
  'org.apache.kafka.connect.data.Enum',
  'io.confluent.connect.avro.Enum',
  'io.confluent.connect.protobuf.Enum',
]

/**
 * Whether values of one schema can have the parameters of another: they are equal, without documentation. An enum may have
 * fewer symbols. Source: StorageSchemaCompatibility.checkSchemaParameters.
 */
export function parametersFit(source: Schema, target: Schema): boolean {
  const [from, to] = [relevantParameters(source), relevantParameters(target)]
  if (from.size > to.size) return false
  if (from.size !== to.size && !(isEnum(source) && isEnum(target))) return false
  for (const [name, value] of from) if (to.get(name) !== value) return false
  return true
}

/** Like {@link parametersFit}; a schema without parameters fits all. Source: SchemaProjector.checkMaybeCompatible. */
export function parametersFitValue(source: Schema, target: Schema): boolean {
  return source.parameters === null || target.parameters === null || parametersFit(source, target)
}

function relevantParameters({ parameters }: Schema): Map<string, string> {
  const entries = Object.entries(parameters ?? {})
  return new Map(entries.filter(([name]) => !documentation.has(name) && !name.startsWith(fieldDocumentation)))
}

function isEnum({ parameters }: Schema): boolean {
  return parameters !== null && enumMarks.some((mark) => Object.hasOwn(parameters, mark))
}
