import type { Finding } from '../../../api/index.ts'
import type { Target } from '../ports.ts'
import { at } from '../server/body.ts'
import type { Wording } from '../wording.ts'
import { found, type Ask } from './answers.ts'
import { error, info, sentence } from '../../shared/finding.ts'
import { mappedFields } from './mapped-fields.ts'

/** An index template that matches a name. */
export interface MatchingTemplate {
  readonly name: string
  readonly isDataStream: boolean
}

/** All templates, or undefined if the server does not tell them. */
export async function templateMatcher(
  ask: Ask,
): Promise<((name: string) => MatchingTemplate | undefined) | undefined> {
  const list = at(found(await ask('GET', '/_index_template')), 'index_templates')
  if (!Array.isArray(list)) return undefined
  const templates = (list as readonly unknown[]).map((entry) => ({
    name: String(at(entry, 'name')),
    isDataStream: at(entry, 'index_template', 'data_stream') !== undefined,
    priority: Number(at(entry, 'index_template', 'priority') ?? 0),
    patterns: at(entry, 'index_template', 'index_patterns'),
  }))
  return (name) =>
    templates
      .filter(
        ({ patterns }) =>
          Array.isArray(patterns) && patterns.some((pattern) => matches(String(pattern), name)),
      )
      .toSorted((one, other) => other.priority - one.priority)[0]
}

/** Whether a pattern with `*` for any characters matches, in linear time for each part. */
export function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return name === first
  if (!name.startsWith(first)) return false
  let position = first.length
  for (const part of rest) {
    const next = name.indexOf(part, position)
    if (next < 0) return false
    position = next + part.length
  }
  return name.length - last.length >= position && name.endsWith(last)
}

/** What the creation of a target depends on, besides the server. */
export interface Creation {
  /** Whether the connector creates the index templates of data streams. */
  readonly createsTemplates: boolean
  readonly wording: Wording
}

/** Returns what will happen when a missing target is created. */
export function creationFindings(
  target: Target,
  template: MatchingTemplate | undefined,
  { createsTemplates, wording }: Creation,
): readonly Finding[] {
  const { name, kind } = target
  if (kind === 'data stream' && template?.isDataStream !== true && !createsTemplates) {
    return [
      error(
        'template-missing',
        `No index template with data_stream matches ${name}, so the data stream cannot be created.`,
        `Create an index template with data_stream and the pattern ${name}.`,
      ),
    ]
  }
  if (kind === 'index' && template?.isDataStream === true) {
    return [
      error(
        'template-of-data-stream',
        `The index template ${template.name} makes ${name} a data stream, so the index cannot be created.`,
        `${sentence(wording.useDataStreams)} Or change the pattern of the template.`,
      ),
    ]
  }
  const source =
    kind === 'data stream' && createsTemplates
      ? 'with an index template of its own'
      : template === undefined
        ? 'no index template matches'
        : `with the index template ${template.name}`
  return [info('target-missing', `The ${kind} ${name} does not exist; the connector creates it (${source}).`)]
}

/** The fields that a template gives a new index; empty if that is unknown. Creates nothing. */
export async function templateFields(ask: Ask, name: string): Promise<ReadonlyMap<string, string>> {
  const path = `/_index_template/_simulate_index/${encodeURIComponent(name)}`
  return mappedFields(at(found(await ask('POST', path)), 'template', 'mappings'))
}
