import type { ConfigFault } from '../../../../api/index.ts'
import { parseNameTemplate } from '../../targets/index.ts'
import type { ElasticsearchSinkConfig } from '../definition.ts'
import { externalKind, usesDataStreams } from '../targets.ts'
import { faultOf } from './fault.ts'

/** Checks the settings of buffers, ids and schemas. */
export function recordFaults(config: ElasticsearchSinkConfig): readonly ConfigFault[] {
  return [
    ...ignoreFaults(config, 'key.ignore', 'topic.key.ignore'),
    ...ignoreFaults(config, 'schema.ignore', 'topic.schema.ignore'),
    ...lingerFaults(config),
    ...bufferFaults(config),
    ...indexNameFaults(config),
    ...deletionFaults(config),
    ...upsertFaults(config),
  ]
}

function ignoreFaults<T extends 'key' | 'schema'>(
  config: ElasticsearchSinkConfig,
  all: `${T}.ignore`,
  topics: `topic.${T}.ignore`,
): readonly ConfigFault[] {
  return config[all] && config[topics].length > 0
    ? faultOf(`'${topics}' can not be set if '${all}' is true.`, all, topics)
    : []
}

function lingerFaults(config: ElasticsearchSinkConfig): readonly ConfigFault[] {
  const { 'linger.ms': linger, 'flush.timeout.ms': timeout } = config
  if (linger <= timeout) return []
  const message = `'linger.ms' (${linger}) can not be larger than 'flush.timeout.ms' (${timeout}).`
  return faultOf(message, 'linger.ms', 'flush.timeout.ms')
}

function bufferFaults(config: ElasticsearchSinkConfig): readonly ConfigFault[] {
  const { 'max.buffered.records': buffered, 'batch.size': batch, 'max.in.flight.requests': inFlight } = config
  if (buffered >= batch * inFlight) return []
  return faultOf(
    `'max.buffered.records' (${buffered}) must be larger than or equal to 'batch.size' (${batch}) x max.in.flight.requests (${inFlight}).`,
    'max.buffered.records',
    'batch.size',
    'max.in.flight.requests',
  )
}

function indexNameFaults(config: ElasticsearchSinkConfig): readonly ConfigFault[] {
  if (config['headrace.index.name'] === null) return []
  const other = externalKind(config) === undefined ? 'data.stream.type' : 'external.resource.usage'
  if (other === 'data.stream.type' && !usesDataStreams(config)) return []
  return faultOf(`Either 'headrace.index.name' or '${other}' can be set.`, 'headrace.index.name', other)
}

/** A record without a value has no fields, and another timestamp than the document that it should delete. */
function deletionFaults(config: ElasticsearchSinkConfig): readonly ConfigFault[] {
  const nulls = 'behavior.on.null.values'
  const { 'headrace.index.name': name, 'headrace.routing.field': routing } = config
  if (config[nulls].toUpperCase() !== 'DELETE') return []
  const [placeholder] = name === null ? [] : parseNameTemplate(name).perRecord
  const cannotFind = (what: string) =>
    `${what} cannot be used with '${nulls}=DELETE': a record with a null value does not tell where its document is.`
  return [
    ...(placeholder === undefined
      ? []
      : faultOf(cannotFind(`${placeholder} in 'headrace.index.name'`), 'headrace.index.name', nulls)),
    ...(routing === null
      ? []
      : faultOf(cannotFind("'headrace.routing.field'"), 'headrace.routing.field', nulls)),
  ]
}

function upsertFaults(config: ElasticsearchSinkConfig): readonly ConfigFault[] {
  const upserts = config['write.method'].toUpperCase() === 'UPSERT'
  if (upserts && config['headrace.pipeline'] !== null) {
    const message =
      "'headrace.pipeline' cannot be used with 'write.method=UPSERT': the server does not pass updates through pipelines."
    return faultOf(message, 'headrace.pipeline', 'write.method')
  }
  if (upserts || config['headrace.retry.on.conflict'] === null) return []
  const message = "'headrace.retry.on.conflict' has an effect only with 'write.method=UPSERT'."
  return faultOf(message, 'headrace.retry.on.conflict', 'write.method')
}
