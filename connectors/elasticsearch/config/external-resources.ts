import { invalidValue } from '../../../api/index.ts'
import type { ElasticsearchSinkConfig } from './definition.ts'

const KEY = 'topic.to.external.resource.mapping'

/** The resources of topics, and what is wrong with the setting that names them. */
export interface ExternalResources {
  readonly resourceOf: ReadonlyMap<string, string>
  readonly fault?: string
}

/** Parses `topic.to.external.resource.mapping`. */
export function externalResources(config: ElasticsearchSinkConfig): ExternalResources {
  return parseResources(KEY, config[KEY], config['max.external.resource.mappings'])
}

/**
 * Parses `topic:resource` entries of a setting, of which at most `most` are possible. `fault` tells what is wrong with them.
 *
 * Source: ElasticsearchSinkConnectorConfig.getTopicToExternalResourceMap. Differs: an empty topic or resource is refused.
 */
export function parseResources(key: string, entries: readonly string[], most: number): ExternalResources {
  const resourceOf = new Map<string, string>()
  const refused = (value: unknown, reason: string) => ({
    resourceOf,
    fault: invalidValue(key, value, reason),
  })
  const resources = new Set<string>()
  for (const entry of entries) {
    const [topic = '', resource = '', ...more] = entry.split(':').map((part) => part.trim())
    if (topic === '' || resource === '' || more.length > 0) {
      return refused(entry, 'Invalid topic-to-resource mapping format. The expected format: topic:resource')
    }
    if (resourceOf.has(topic)) {
      return refused(
        entry,
        `Topic '${topic}' is mapped to multiple resources. Each topic must be mapped to exactly one resource.`,
      )
    }
    if (resources.has(resource)) {
      return refused(
        entry,
        `Resource '${resource}' is mapped from multiple topics. Each resource must be mapped to exactly one topic.`,
      )
    }
    resourceOf.set(topic, resource)
    resources.add(resource)
  }
  if (resourceOf.size <= most) return { resourceOf }
  return refused(
    entries,
    `Too many topic-to-external-resource mappings are configured (${resourceOf.size}). Maximum allowed limit is ${most}.`,
  )
}
