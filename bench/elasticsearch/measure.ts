import { searchRequest, uniqueName, type SearchAddress } from '../../integration-tests/services/index.ts'
import { measureConnector, measureProgram, type Course, type Measured } from '../bare/course.ts'
import type { BareTask } from './bare-task.ts'
import type { Variant } from './variants.ts'

/** What a measurement with Elasticsearch needs. */
export interface SearchCourse extends Course {
  readonly address: SearchAddress
}

/** Indexes of real use are not refreshed every second while they are filled. */
const indexSettings = { number_of_shards: 1, number_of_replicas: 0, refresh_interval: '30s' }

/** That of the client which the bare program uses: on a busy machine, the default lets requests be sent again. */
const READ_TIMEOUT_MS = 30_000

/** Writes a topic to an index with the connector. */
export async function measureSink(course: SearchCourse, variant: Variant, topic: string): Promise<Measured> {
  const { url, login } = course.address
  const index = uniqueName('ours')
  const config = {
    'connector.class': 'io.confluent.connect.elasticsearch.ElasticsearchSinkConnector',
    'connection.url': url,
    ...(login === null ? {} : { 'connection.username': login.user, 'connection.password': login.password }),
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
    'schema.ignore': 'true',
    'read.timeout.ms': String(READ_TIMEOUT_MS),
    'topics': topic,
    'external.resource.usage': 'INDEX',
    'topic.to.external.resource.mapping': `${topic}:${index}`,
    ...variant.sink,
  }
  return inNewIndex(course, index, (count) => measureConnector(course, config, count))
}

/** Writes a topic to an index with the bare program. */
export async function measureBareSink(
  course: SearchCourse,
  { operation }: Variant,
  topic: string,
): Promise<Measured> {
  const { servers, records, address } = course
  const { url, login } = address
  const index = uniqueName('bare')
  const task: BareTask = {
    operation,
    servers,
    topic,
    group: index,
    records,
    node: url,
    auth: login === null ? null : { username: login.user, password: login.password },
    index,
  }
  return inNewIndex(course, index, (count) =>
    measureProgram(course, 'elasticsearch/bare-sink.js', task, count),
  )
}

/** Calls `run` with the function that counts the operations on a new index. Throws if there are more than records. */
async function inNewIndex(
  course: SearchCourse,
  index: string,
  run: (count: () => Promise<number>) => Promise<Measured>,
): Promise<Measured> {
  const { address, records } = course
  const created = await searchRequest(address, 'PUT', `/${index}`, { settings: indexSettings })
  if (created.status !== 200) throw new Error(`cannot create an index: ${JSON.stringify(created.body)}`)
  const count = () => operations(course, index)
  try {
    const measured = await run(count)
    const total = await count()
    if (total > records) throw new Error(`operations were sent again: ${total} for ${records} records`)
    return measured
  } finally {
    await searchRequest(address, 'DELETE', `/${index}`)
  }
}

interface Stats {
  readonly _all: {
    readonly primaries: {
      readonly indexing: Readonly<Record<'index_total' | 'index_failed' | 'noop_update_total', number>>
    }
  }
}

/** Operations that the index has executed, whether or not they changed a document. */
async function operations({ address }: SearchCourse, index: string): Promise<number> {
  const { body } = await searchRequest(address, 'GET', `/${index}/_stats/indexing`)
  const { indexing } = (body as Stats)._all.primaries
  return indexing.index_total + indexing.index_failed + indexing.noop_update_total
}
