import type { AivenSinkConfig } from './definition.ts'
import { groupingOf, type Grouping } from './grouping.ts'
import type { NameTemplate } from './names.ts'
import { extensions, outputCompression, outputType } from './output.ts'
import { parseTemplate, type TemplatePart } from './template.ts'
import { timeUnits } from './time-units.ts'

const DEFAULT_NAME = '{{topic}}-{{partition}}-{{start_offset}}'
const OLD_NAME = '{{topic}}-{{partition}}-{{start_offset:padding=true}}'

/** Aiven's connector accepts this unit, and reads it as yyyy. Source: S3ConfigFragment.doReplaceYYYY. */
const OLD_YEAR = /(\{\{\s*timestamp\s*:\s*unit\s*=\s*)YYYY(\s*\}\})/g

/** The start of names that is set with `aws.s3.prefix`; null if it is not set. */
export function oldPrefix(config: AivenSinkConfig): string | null {
  return (config['aws.s3.prefix'] ?? config['aws_s3_prefix'])?.replaceAll(OLD_YEAR, '$1yyyy$2') ?? null
}

/** The template of names that is set with `file.prefix.template` and `file.name.template`, or the default one. */
export function nameTemplate(config: AivenSinkConfig): readonly TemplatePart[] {
  const name = config['file.name.template'] ?? DEFAULT_NAME + extensionOf(config)
  return parseTemplate((config['file.prefix.template'] ?? '') + name)
}

/** How records are divided among objects. */
export function grouping(config: AivenSinkConfig): Grouping {
  return oldPrefix(config) === null ? (groupingOf(nameTemplate(config)) ?? 'partition') : 'partition'
}

/**
 * The templates whose texts, one after the other, are the names of objects.
 *
 * Throws `HR_CONFIG_INVALID` for an invalid template or an unknown time zone. Source: S3SinkTask.oldFullKey.
 */
export function nameTemplates(config: AivenSinkConfig): readonly NameTemplate[] {
  const prefix = oldPrefix(config)
  const current = (parts: readonly TemplatePart[]): NameTemplate => ({
    parts,
    unitsOf: timeUnits(config['file.name.timestamp.timezone']),
    time: timeSource(config['file.name.timestamp.source']),
    isOldPrefix: false,
  })
  if (prefix === null) return [current(nameTemplate(config))]
  const old: NameTemplate = {
    parts: parseTemplate(prefix),
    unitsOf: timeUnits(config['timestamp.timezone']),
    time: timeSource(config['timestamp.source']),
    isOldPrefix: true,
  }
  return [old, current(parseTemplate(OLD_NAME + extensionOf(config)))]
}

const timeSource = (name: string): NameTemplate['time'] =>
  name.toLowerCase() === 'event' ? 'event' : 'wallclock'

/** Source: FileNameFragment.getFilename. Differs: the extension is that of the compression in use, also if it is the default. */
function extensionOf(config: AivenSinkConfig): string {
  return (outputType(config) === 'avro' ? '.avro' : '') + extensions[outputCompression(config)]
}
