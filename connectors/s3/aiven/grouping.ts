import { variablesOf, type TemplatePart } from './template.ts'

/**
 * How records are divided among objects:
 *
 * - `partition`: by topic, partition, and the time if the template has one;
 * - `partition-key`: by the key too;
 * - `key`: an object has the latest record of a key, and is replaced by later ones.
 */
export type Grouping = 'partition' | 'partition-key' | 'key'

const SETS =
  'topic,partition,start_offset,timestamp; topic,partition,key,start_offset,timestamp; key; key,topic,partition'

const parameters: Readonly<Record<string, readonly [name: string, values: readonly string[]]>> = {
  partition: ['padding', ['true', 'false']],
  start_offset: ['padding', ['true', 'false']],
  timestamp: ['unit', ['yyyy', 'MM', 'dd', 'HH']],
}

/** Returns the grouping that the variables of a template stand for; undefined for an unsupported set of variables. */
export function groupingOf(template: readonly TemplatePart[]): Grouping | undefined {
  const variables = new Set(variablesOf(template))
  const hasAll = ['topic', 'partition', 'start_offset'].every((name) => variables.has(name))
  const hasKey = variables.has('key')
  for (const name of ['topic', 'partition', 'key']) variables.delete(name)
  if (!hasAll) return hasKey && variables.size === 0 ? 'key' : undefined
  variables.delete('start_offset')
  variables.delete('timestamp')
  if (variables.size > 0) return undefined
  return hasKey ? 'partition-key' : 'partition'
}

/**
 * Returns why a template cannot be used for names. Source: RecordGrouperFactory.resolveRecordGrouperType,
 * FilenameTemplateValidator.
 */
export function templateFault(template: readonly TemplatePart[]): string | undefined {
  return groupingOf(template) === undefined
    ? `unsupported set of template variables, supported sets are: ${SETS}`
    : parameterFault(template)
}

/** Returns which parameter of a variable is missing or unknown. */
export function parameterFault(template: readonly TemplatePart[]): string | undefined {
  for (const part of template) {
    if (!('name' in part)) continue
    const expected = Object.hasOwn(parameters, part.name) ? parameters[part.name] : undefined
    if (part.parameter === null) {
      if (part.name !== 'timestamp') continue
      return 'parameter unit is required for the variable timestamp, supported values are: yyyy|MM|dd|HH'
    }
    const { name, value } = part.parameter
    if (expected?.[0] === name && expected[1].includes(value)) continue
    return 'unsupported set of template variables parameters, supported sets are: partition:padding=true|false,start_offset:padding=true|false,timestamp:unit=yyyy|MM|dd|HH'
  }
  return undefined
}
