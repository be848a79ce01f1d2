import { ConnectError, type SinkRecord } from '../../../api/index.ts'
import type { Target, TargetOf } from '../ports.ts'
import { indexNameOfTopic, refuseIllegalName } from './index-names.ts'
import { parseNameTemplate } from './name-template.ts'
import type { ExternalResourceOptions, TargetOptions } from './options.ts'

/** Names that depend on the values of records can be any number. */
const MOST_CACHED = 10_000

/**
 * Compiles the function that finds the target of a record. It returns the same object for the same target.
 *
 * Throws `HR_CONFIG_INVALID` for an invalid template. The function throws `HR_CONNECT` for a topic without an external
 * resource, and `HR_DATA_INVALID` if the server does not accept a name.
 * Source: ElasticsearchSinkTask.tryWriteRecord, createIndexName.
 */
export function targetOf({ external, dataStream, indexName }: TargetOptions): TargetOf {
  if (external !== null) return byTopic((topic) => externalTarget(external, topic))
  if (dataStream !== null) {
    return byTopic((topic) => created(dataStream.nameOf(topic), 'data stream', topic))
  }
  if (indexName === null) return byTopic((topic) => created(indexNameOfTopic(topic), 'index', topic))
  const template = parseNameTemplate(indexName)
  const make = cached((name) => {
    refuseIllegalName(name, `The result of '${indexName}'`)
    return { name, kind: 'index', create: true }
  })
  return (record) => make(template.nameOf(record))
}

function byTopic(make: (topic: string) => Target): TargetOf {
  const of = cached(make)
  return ({ topic }: SinkRecord) => of(topic)
}

/** Most batches have records of one target. */
function cached(make: (key: string) => Target): (key: string) => Target {
  const targets = new Map<string, Target>()
  let lastKey: string | undefined
  let last: Target | undefined
  return (key) => {
    if (last !== undefined && key === lastKey) return last
    let target = targets.get(key)
    if (target === undefined) {
      target = make(key)
      if (targets.size >= MOST_CACHED) targets.clear()
      targets.set(key, target)
    }
    lastKey = key
    return (last = target)
  }
}

function created(name: string, kind: Target['kind'], topic: string): Target {
  refuseIllegalName(name, `The name of the ${kind} for the topic '${topic}'`)
  return { name, kind, create: true }
}

function externalTarget({ kind, resourceOf, setting }: ExternalResourceOptions, topic: string): Target {
  const name = resourceOf.get(topic)
  if (name !== undefined) return { name, kind, create: false }
  const message = `${setting} has no resource for the topic '${topic}'; it must name one for each topic`
  throw new ConnectError('HR_CONNECT', message, { configKey: setting })
}
