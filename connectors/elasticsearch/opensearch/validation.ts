import type { ConfigFault, TaskProps } from '../../../api/index.ts'
import { isWellFormed, parseConfig } from '../../../java/index.ts'
import { faultOf } from '../config/checks/fault.ts'
import { opensearchSinkConfig, type OpensearchSinkConfig } from './definition.ts'
import { indexNameFault } from '../targets/index.ts'
import { existingResources, usesDataStreams } from './options.ts'

const MAPPING = 'topic.to.existing.resource.mapping'
const TEMPLATE = 'data.streams.existing.index.template.name'

/**
 * Returns what is wrong with settings that depend on others. While a setting is invalid by itself, nothing else is checked.
 *
 * Source: OpenSearchSinkConnectorConfig.validate. Differs: errors are those of settings; there a task fails to start.
 */
export function validateOpensearchSink(props: TaskProps): readonly ConfigFault[] {
  if (!isWellFormed(opensearchSinkConfig, props)) return []
  const config = parseConfig(opensearchSinkConfig, props)
  return [
    ...loginFaults(config),
    ...resourceFaults(config),
    ...dataStreamFaults(config),
    ...idFaults(config),
    ...routingFaults(config),
    ...bufferFaults(config),
  ]
}

function loginFaults(config: OpensearchSinkConfig): readonly ConfigFault[] {
  const user = ['connection.username', 'connection.password'] as const
  const key = ['aws.access_key_id', 'aws.secret_access_key'] as const
  const isSet = (name: keyof OpensearchSinkConfig) => config[name] !== null
  if (user.some(isSet) && key.some(isSet)) {
    return faultOf('Either a user or an access key of AWS can be set.', ...user, ...key)
  }
  for (const pair of [user, key]) {
    if (isSet(pair[0]) !== isSet(pair[1]))
      return faultOf(`Both '${pair[0]}' and '${pair[1]}' must be set.`, ...pair)
  }
  if (!key.every(isSet)) return []
  return (['aws.region', 'aws.service.signing.name'] as const)
    .filter((name) => (config[name] ?? '') === '')
    .flatMap((name) => faultOf(`'${name}' must be set to sign requests.`, name))
}

function resourceFaults(config: OpensearchSinkConfig): readonly ConfigFault[] {
  const uses = config['existing.resource.type'].toLowerCase() !== 'none'
  if (uses !== (config[MAPPING] ?? []).length > 0) {
    const message = `'existing.resource.type' and '${MAPPING}' must be set together.`
    return faultOf(message, 'existing.resource.type', MAPPING)
  }
  const { fault } = existingResources(config)
  return uses && fault !== undefined ? faultOf(fault, MAPPING) : []
}

/** Differs: in Java, a prefix without data streams is ignored with a WARN, and deletes fail in the server. */
function dataStreamFaults(config: OpensearchSinkConfig): readonly ConfigFault[] {
  const enabled = 'data.stream.enabled'
  if (config[enabled] && config['existing.resource.type'].toLowerCase() !== 'none') {
    const message = `'${enabled}' and 'existing.resource.type' cannot be set together.`
    return faultOf(message, enabled, 'existing.resource.type')
  }
  return usesDataStreams(config) ? streamFaults(config) : unusedFaults(config)
}

function streamFaults(config: OpensearchSinkConfig): readonly ConfigFault[] {
  const prefix = config['data.stream.prefix']
  const fault = prefix === null ? undefined : indexNameFault(prefix)
  return [
    ...(config['index.write.method'].toLowerCase() === 'upsert'
      ? faultOf('Data streams do not support upsert index write method', 'index.write.method')
      : []),
    ...(config['behavior.on.null.values'].toLowerCase() === 'delete'
      ? faultOf("Data streams do not support 'behavior.on.null.values=delete'.", 'behavior.on.null.values')
      : []),
    ...(fault === undefined
      ? []
      : faultOf(`'${prefix}' cannot be the start of a name: ${fault}.`, 'data.stream.prefix')),
  ]
}

/** Settings of data streams that have no effect without them. */
function unusedFaults(config: OpensearchSinkConfig): readonly ConfigFault[] {
  const names = ['data.stream.prefix', TEMPLATE, 'data.stream.timestamp.field'] as const
  const unused = names.filter((name) => config[name] !== opensearchSinkConfig[name].default)
  return unused.flatMap((name) => faultOf(`'${name}' needs 'data.stream.enabled=true'.`, name))
}

function idFaults(config: OpensearchSinkConfig): readonly ConfigFault[] {
  const key = 'key.ignore.id.strategy'
  const strategy = config[key].toLowerCase()
  if (
    config['index.write.method'].toLowerCase() === 'upsert' &&
    config['key.ignore'] &&
    strategy !== 'record.key'
  ) {
    return faultOf(`${strategy} is not supported for index upsert. Supported is: record.key`, key)
  }
  return strategy === 'none' && config['topic.key.ignore'].length > 0
    ? faultOf(`'${key}=none' is possible only for all topics, with key.ignore=true.`, key, 'topic.key.ignore')
    : []
}

function routingFaults(config: OpensearchSinkConfig): readonly ConfigFault[] {
  const path = 'routing.type.record.value.path'
  const type = config['routing.type'].toLowerCase()
  const strategy = config['key.ignore.id.strategy'].toLowerCase()
  const ignoresKeys = config['key.ignore'] || config['topic.key.ignore'].length > 0
  if (type === 'key' && ignoresKeys && strategy !== 'record.key') {
    return faultOf("'routing.type=key' is possible only if keys are the ids of documents.", 'routing.type')
  }
  if (type !== 'value') return []
  if (config[path] === null) {
    return faultOf(`The '${path}' setting must be configured when using the 'value' routing type`, path)
  }
  const nulls = 'behavior.on.null.values'
  return config[nulls].toLowerCase() === 'delete'
    ? faultOf(`The '${path}' can't be used together with '${nulls}' set to 'delete'`, path, nulls)
    : []
}

function bufferFaults(config: OpensearchSinkConfig): readonly ConfigFault[] {
  const { 'max.buffered.records': buffered, 'batch.size': batch } = config
  if (buffered >= batch) return []
  const message = `'max.buffered.records' (${buffered}) must be at least 'batch.size' (${batch}).`
  return faultOf(message, 'max.buffered.records', 'batch.size')
}
