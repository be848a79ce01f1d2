import type { Finding } from '../../../api/index.ts'
import { at } from '../server/body.ts'
import { found, members, type Ask } from './answers.ts'
import { warning } from '../../shared/finding.ts'
import { conflictsOf, conflictsText, mappedFields } from './mapped-fields.ts'

/** Returns the pattern of the names that a template makes for a topic, such as `orders-*`. */
export function namePattern(template: string, topic: string): string {
  const filled = template.replaceAll('${topic}', () => topic).replaceAll(/\$\{[^}]*\}/g, '*')
  return filled.toLowerCase().replaceAll(/\*+/g, '*')
}

/** Returns whether the indexes with these names have fields with different types. */
export async function patternFindings(ask: Ask, pattern: string): Promise<readonly Finding[]> {
  const path = `/${encodeURIComponent(pattern)}/_mapping`
  const body = found(
    await ask('GET', path, { query: { allow_no_indices: 'true', ignore_unavailable: 'true' } }),
  )
  const known = new Map<string, string>()
  const origins = new Map<string, string>()
  for (const [index, definition] of members(body)) {
    const fields = mappedFields(at(definition, 'mappings'))
    const conflicts = conflictsOf(known, fields)
    const [first] = conflicts
    if (first !== undefined) {
      return [
        warning(
          'mapping-conflict',
          `Fields of the index ${index} have other types than in ${origins.get(first.field) ?? pattern}: ${conflictsText(conflicts)}.`,
          `Create an index template for ${pattern} that maps these fields, so that new indexes agree.`,
        ),
      ]
    }
    for (const [field, type] of fields) {
      known.set(field, type)
      if (!origins.has(field)) origins.set(field, index)
    }
  }
  return []
}
