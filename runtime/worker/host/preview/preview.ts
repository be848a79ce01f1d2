import type { Props } from '../../../../api/index.ts'
import { parseValue } from '../../../../config/index.ts'
import { createChain, createConverters } from '../../../pipeline/index.ts'
import { resolved, type HostEnvironment } from '../environment.ts'
import { nextOfSource } from './next-of-source.ts'
import { nextOfTopics } from './next-of-topic.ts'
import { boundedPreviews } from './bounded.ts'
import type { Preview, PreviewRequest } from './protocol.ts'
import { consumedSample, polledSample } from './samples.ts'
import { walkFromSource, walkToSink } from './walk.ts'

/**
 * Passes records through the converters and transforms of a connector, and returns the record after each
 * step.
 *
 * Throws `HR_BAD_REQUEST` for invalid samples, and rejects when no records can be read.
 */
export async function preview(environment: HostEnvironment, request: PreviewRequest): Promise<Preview> {
  const { props } = await resolved(environment, request.config)
  const { registry, worker } = environment
  const signal = AbortSignal.timeout(request.timeoutMs)
  const plugin = registry.connector(props['connector.class'] ?? '')
  const chain = createChain(registry, props)
  const way = { chain, converters: createConverters(registry, worker, props) }
  const { samples, count } = request
  const name = props['name'] ?? ''
  try {
    if (plugin.kind === 'sink') {
      const [topic] = parseValue('topics', 'list', props['topics'] ?? '') as readonly string[]
      const records =
        samples?.map((sample, index) => consumedSample(sample, index, topic)) ??
        (await nextOfTopics(environment, name, props, count, signal))
      const previews = await boundedPreviews(records, (record) => walkToSink(record, way), signal)
      return { class: plugin.name, type: 'sink', ...previews }
    }
    const records =
      samples?.map((sample, index) => polledSample(sample, index, topicOfSource(props), registry)) ??
      (await nextOfSource(environment, plugin, name, request.config, count, signal))
    const previews = await boundedPreviews(records, (record) => walkFromSource(record, way), signal)
    return { class: plugin.name, type: 'source', ...previews }
  } finally {
    for (const { step } of chain) step.close?.()
  }
}

/** Returns the topic of a source from `topic`, the usual setting of sources with a single topic. */
function topicOfSource(props: Props): string | undefined {
  const topic = props['topic']?.trim() ?? ''
  return topic === '' ? undefined : topic
}
