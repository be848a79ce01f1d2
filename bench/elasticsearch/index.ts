import { Comparison, type Round } from '../bare/comparison.ts'
import { withCourse, type CourseOptions } from '../bare/open-course.ts'
import { fillTopic } from '../bare/topic.ts'
import { figure } from '../report.ts'
import { measureBareSink, measureSink, type SearchCourse } from './measure.ts'
import { openBenchServer } from './server.ts'
import { variants, type Variant } from './variants.ts'

/** Records with the same key, far from each other. */
const RECORDS_PER_KEY = 2

/** Measures the sink for Elasticsearch next to a program that uses the client libraries directly. */
export async function benchElasticsearch(options: CourseOptions): Promise<string> {
  const { rows, rounds, report } = options
  const comparison = new Comparison(report)
  const keys = Math.ceil(rows / RECORDS_PER_KEY)
  const server = await openBenchServer(report)
  const recordBytes = await withCourse(options, async (course) => {
    report(`writing ${rows} records to a topic`)
    const { topic, bytes } = await fillTopic(course, { keyOf: (id) => `order-${id % keys}` })
    const searchCourse = { ...course, address: server.address }
    report('warming up')
    for (const variant of variants) await measureBareSink(searchCourse, variant, topic)
    for (let round = 1; round <= rounds; round++) {
      report(`round ${round} of ${rounds}`)
      for (const variant of variants) {
        const sides = await measureVariant(searchCourse, variant, topic, round % 2 === 0)
        comparison.add(`topic → Elasticsearch, ${variant.title}`, sides)
      }
    }
    return bytes / rows
  }).finally(() => server.close())
  return `Elasticsearch, records of ${figure(recordBytes)} bytes\n\n${comparison.table(recordBytes)}`
}

/** Measures both sides. The server is never the same for the second one, so the rounds take turns. */
async function measureVariant(
  course: SearchCourse,
  variant: Variant,
  topic: string,
  headraceFirst: boolean,
): Promise<Round> {
  if (!headraceFirst) {
    const bare = await measureBareSink(course, variant, topic)
    return { bare, headrace: await measureSink(course, variant, topic) }
  }
  const headrace = await measureSink(course, variant, topic)
  return { bare: await measureBareSink(course, variant, topic), headrace }
}
