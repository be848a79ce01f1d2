import { invalidValue } from '../../../api/index.ts'
import type { ElasticsearchSinkConfig } from './definition.ts'

const KEY = 'topic.to.external.resource.mapping'

/**
 * Parses `topic:resource` entries. `fault` tells what is wrong with them.
 *
 * Source: ElasticsearchSinkConnectorConfig.getTopicToExternalResourceMap. Differs: an empty topic or resource is refused.
 */
export function externalResources(config: ElasticsearchSinkConfig): {
  readonly resourceOf: ReadonlyMap<string, string>
  readonly fault?: string
} {
  const entries = config[KEY]
  const resourceOf = new Map<string, string>()
  const refused = (value: unknown, reason: string) => ({
    resourceOf,
    fault: invalidValue(KEY, value, reason),
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
  const most = config['max.external.resource.mappings']
  if (resourceOf.size <= most) return { resourceOf }
  return refused(
    entries,
    `Too many topic-to-external-resource mappings are configured (${resourceOf.size}). Maximum allowed limit is ${most}.`,
  )
}
