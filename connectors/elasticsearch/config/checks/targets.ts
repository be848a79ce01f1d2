import type { ConfigFault, TaskProps } from '../../../../api/index.ts'
import { settingText } from '../../../../java/index.ts'
import type { ElasticsearchSinkConfig } from '../definition.ts'
import { externalResources } from '../external-resources.ts'
import { externalKind, hasDataStreamType, usesDataStreams } from '../targets.ts'
import { faultOf } from './fault.ts'

const USAGE = 'external.resource.usage'
const MAPPING = 'topic.to.external.resource.mapping'
const TYPE = 'data.stream.type'
const DATASET = 'data.stream.dataset'

/** Checks the settings of external resources and data streams. */
export function targetFaults(config: ElasticsearchSinkConfig, props: TaskProps): readonly ConfigFault[] {
  return [...externalFaults(config, props), ...dataStreamNameFaults(config), ...dataStreamUseFaults(config)]
}

/** Source: Validator.validateResourceConfigs. */
function externalFaults(config: ElasticsearchSinkConfig, props: TaskProps): readonly ConfigFault[] {
  const hasMapping = config[MAPPING].length > 0
  if ((externalKind(config) !== undefined) !== hasMapping) {
    const message = `Invalid configuration: ${USAGE} and ${MAPPING} must be configured together. Either both must be set, or both must be empty.`
    return faultOf(message, USAGE, MAPPING)
  }
  if (!hasMapping) return []
  if (hasDataStreamType(config) || config[DATASET] !== '') {
    const message = `Resource mapping mode and data stream configs are mutually exclusive. When using ${MAPPING}, data stream configs (${TYPE}, ${DATASET}) must not be set.`
    return faultOf(message, MAPPING, TYPE, DATASET)
  }
  const { resourceOf, fault } = externalResources(config)
  return fault === undefined ? topicFaults(new Set(resourceOf.keys()), props) : faultOf(fault, MAPPING)
}

/** Differs: with `topics.regex`, which topics there will be is unknown; Java refuses it. */
function topicFaults(mapped: ReadonlySet<string>, props: TaskProps): readonly ConfigFault[] {
  const topics = topicsOf(props)
  if (topics.size === 0) return []
  const missing = [...topics].find((topic) => !mapped.has(topic))
  if (missing !== undefined) {
    const message = `Topic '${missing}' is not mapped to any resource. All configured topics must be mapped to a resource.`
    return faultOf(message, MAPPING)
  }
  const unknown = [...mapped].find((topic) => !topics.has(topic))
  if (unknown === undefined) return []
  const message = `Topic '${unknown}' is mapped but not configured. All mapped topics must be configured topics.`
  return faultOf(message, MAPPING)
}

/** The topics of a sink, from the setting that the worker reads too. */
export function topicsOf(props: TaskProps): ReadonlySet<string> {
  const names = (settingText(props, 'topics') ?? '').split(',').map((topic) => topic.trim())
  return new Set(names.filter((name) => name !== ''))
}

/** Source: Validator.validateDataStreamConfigs. */
function dataStreamNameFaults(config: ElasticsearchSinkConfig): readonly ConfigFault[] {
  return hasDataStreamType(config) === (config[DATASET] !== '')
    ? []
    : faultOf(`Either both or neither '${DATASET}' and '${TYPE}' must be set.`, TYPE, DATASET)
}

/** Source: Validator.validateDataStreamCompatibility. */
function dataStreamUseFaults(config: ElasticsearchSinkConfig): readonly ConfigFault[] {
  const timestamp = 'data.stream.timestamp.field'
  if (!usesDataStreams(config)) {
    const message = `Mapping a field to the '@timestamp' field is only necessary when working with data streams. '${timestamp}' must not be set when not using data streams.`
    return config[timestamp].length === 0 ? [] : faultOf(message, timestamp)
  }
  if (config['write.method'].toUpperCase() === 'UPSERT') {
    const message =
      'Upserts are not supported with data streams. write.method must not be UPSERT when using data streams.'
    return faultOf(message, 'write.method')
  }
  if (config['behavior.on.null.values'].toUpperCase() !== 'DELETE') return []
  const message =
    'Deletes are not supported with data streams. behavior.on.null.values must not be DELETE when using data streams.'
  return faultOf(message, 'behavior.on.null.values')
}
