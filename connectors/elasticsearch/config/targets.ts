import { dataStreamNameOfTopic, type ExternalResourceOptions, type TargetOptions } from '../targets/index.ts'
import { wordings } from '../wording.ts'
import type { ElasticsearchSinkConfig } from './definition.ts'
import { externalResources } from './external-resources.ts'

const kinds: Readonly<Record<string, ExternalResourceOptions['kind']>> = {
  INDEX: 'index',
  DATASTREAM: 'data stream',
  ALIAS_INDEX: 'alias of an index',
  ALIAS_DATASTREAM: 'alias of a data stream',
}

/** The kind of existing resources that are written to; undefined if there are none. */
export function externalKind(config: ElasticsearchSinkConfig): ExternalResourceOptions['kind'] | undefined {
  const usage = config['external.resource.usage'].toUpperCase()
  return Object.hasOwn(kinds, usage) ? kinds[usage] : undefined
}

/** Whether documents go to data streams. Source: ElasticsearchSinkConnectorConfig.isDataStream. */
export function usesDataStreams(config: ElasticsearchSinkConfig): boolean {
  const kind = externalKind(config)
  if (kind !== undefined) return kind === 'data stream' || kind === 'alias of a data stream'
  return hasDataStreamType(config) && config['data.stream.dataset'] !== ''
}

export const hasDataStreamType = (config: ElasticsearchSinkConfig): boolean =>
  config['data.stream.type'].toUpperCase() !== 'NONE'

/** Where records go, from valid settings. */
export function targetOptions(config: ElasticsearchSinkConfig): TargetOptions {
  const kind = externalKind(config)
  if (kind !== undefined) {
    const { resourceOf } = externalResources(config)
    const setting = wordings.elasticsearch.resourceMapping
    return { external: { kind, resourceOf, setting }, dataStream: null, indexName: null }
  }
  if (!usesDataStreams(config)) {
    return { external: null, dataStream: null, indexName: config['headrace.index.name'] }
  }
  const parts = {
    type: config['data.stream.type'].toLowerCase(),
    dataset: config['data.stream.dataset'],
    namespace: config['data.stream.namespace'],
  }
  const nameOf = (topic: string) => dataStreamNameOfTopic(topic, parts)
  return { external: null, dataStream: { nameOf }, indexName: null }
}
