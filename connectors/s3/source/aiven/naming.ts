import type { ObjectNaming, SingleName } from '../plan.ts'

/** What the placeholders of a template match. Source: FilePatternUtils. */
const placeholders: readonly (readonly [placeholder: string, expression: string])[] = [
  ['{{start_offset}}', String.raw`(?<startOffset>\d+)`],
  ['{{timestamp}}', String.raw`(?:\d+)`],
  ['{{topic}}', String.raw`(?<topic>[a-zA-Z0-9\-_.]+)`],
  ['{{partition}}', String.raw`(?<partition>\d+)`],
]

/**
 * Returns the regular expression of `file.name.template`.
 *
 * Throws a SyntaxError if it is not one. Source: FilePatternUtils.configurePattern. Differs: expressions are those of
 * JavaScript, which mean the same unless they use constructs that only Java has.
 */
export function templateExpression(template: string): RegExp {
  let expression = template
  for (const [placeholder, replacement] of placeholders) {
    expression = expression.replaceAll(placeholder, () => replacement)
  }
  return new RegExp(expression)
}

export interface AivenNaming {
  readonly template: string
  /** Replaces the topic of the name; null to use that one. */
  readonly topic: string | null
  /** Whether all objects of a partition belong to the same task. */
  readonly byPartition: boolean
}

/**
 * Reads the keys of objects by a template that matches a part of them. An object without a topic is not read.
 *
 * Source: FilePatternUtils, AbstractSourceRecordIterator.FileMatching.
 */
export function aivenNaming({ template, topic: fixed, byPartition }: AivenNaming): ObjectNaming {
  const expression = templateExpression(template)
  return {
    singles: true,
    parse(key): SingleName | undefined {
      const groups = expression.exec(key)
      if (groups === null) return undefined
      const topic = fixed ?? groups.groups?.['topic']
      if (topic === undefined) return undefined
      const found = groups.groups?.['partition']
      const partition = found === undefined ? null : Number(found)
      return { kind: 'single', topic, partition, spread: byPartition ? String(partition) : key }
    },
  }
}
