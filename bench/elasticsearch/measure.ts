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

/** Writes a topic to an index of its name with the connector. */
export async function measureSink(course: SearchCourse, variant: Variant, topic: string): Promise<Measured> {
  const { url, login } = course.address
  const config = {
    'connector.class': 'io.confluent.connect.elasticsearch.ElasticsearchSinkConnector',
    'connection.url': url,
    ...(login === null ? {} : { 'connection.username': login.user, 'connection.password': login.password }),
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
    'schema.ignore': 'true',
    'topics': topic,
    ...variant.sink,
  }
  return inNewIndex(course.address, topic, () =>
    measureConnector(course, config, () => operations(course, topic)),
  )
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
  return inNewIndex(address, index, () =>
    measureProgram(course, 'elasticsearch/bare-sink.js', task, () => operations(course, index)),
  )
}

async function inNewIndex<T>(address: SearchAddress, index: string, run: () => Promise<T>): Promise<T> {
  const created = await searchRequest(address, 'PUT', `/${index}`, { settings: indexSettings })
  if (created.status !== 200) throw new Error(`cannot create an index: ${JSON.stringify(created.body)}`)
  try {
    return await run()
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
