import type { TopicPartition } from '../../../api/index.ts'
import type { Leftovers } from '../sink-task.ts'
import type { AivenSinkConfig } from './definition.ts'
import { nameTemplates } from './name-templates.ts'
import type { TemplatePart } from './template.ts'

const variables: Readonly<Record<string, string>> = {
  topic: '(?<topic>.+?)',
  partition: String.raw`(?<partition>\d+)`,
  start_offset: String.raw`\d+`,
  timestamp: String.raw`\d+`,
  key: String.raw`[\s\S]*`,
  utc_date: String.raw`[\d-]+`,
  local_date: String.raw`[\d-]+`,
}

/**
 * How unfinished uploads of earlier tasks are recognized by the names of their objects; null if the names do not have the
 * topic and the partition.
 */
export function aivenLeftovers(config: AivenSinkConfig): Leftovers | null {
  const parts = nameTemplates(config).flatMap((template) => template.parts)
  const names = new Set(parts.map((part) => ('name' in part ? part.name : '')))
  if (!names.has('topic') || !names.has('partition')) return null
  const expression = expressionOf(parts)
  return {
    prefix: fixedStart(config),
    partitionOfKey(key): TopicPartition | undefined {
      const { topic, partition } = expression.exec(key)?.groups ?? {}
      return topic === undefined ? undefined : { topic, partition: Number(partition) }
    },
  }
}

/** The text of names before the first variable. */
export function fixedStart(config: AivenSinkConfig): string {
  const [first] = nameTemplates(config).flatMap(({ parts }) => parts)
  return first !== undefined && 'text' in first ? first.text : ''
}

/** The first place of the topic counts; others must have the same. A partition may be padded at some of its places. */
function expressionOf(parts: readonly TemplatePart[]): RegExp {
  const seen = new Set<string>()
  const pieces = parts.map((part) => {
    if ('text' in part) return literal(part.text)
    const { name, placeholder } = part
    const again = seen.has(name)
    seen.add(name)
    if (again && name === 'topic') return String.raw`\k<topic>`
    if (again && name === 'partition') return String.raw`\d+`
    return (Object.hasOwn(variables, name) ? variables[name] : undefined) ?? literal(placeholder)
  })
  return new RegExp(`^${pieces.join('')}$`)
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
