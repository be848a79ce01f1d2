import { createBucket } from '../../integration-tests/services/index.ts'
import { Comparison } from '../bare/comparison.ts'
import { withCourse, type CourseOptions } from '../bare/open-course.ts'
import { fillTopic } from '../bare/topic.ts'
import { figure } from '../report.ts'
import { measureBareSink, measureBareSource, measureSink, measureSource, type S3Course } from './measure.ts'
import { variants, type Variant } from './variants.ts'

/** Objects per measurement: enough for a rate, and each large enough for several parts of a second. */
const OBJECTS = 40

/** Measures the S3 connectors next to programs that use the client libraries directly. */
export async function benchS3(options: CourseOptions): Promise<string> {
  const { rows, rounds, report } = options
  const comparison = new Comparison(report)
  const bucket = await createBucket()
  const flushSize = Math.max(1, Math.ceil(rows / OBJECTS))
  const recordBytes = await withCourse(options, async (course) => {
    report(`writing ${rows} records to topics, without and with schemas`)
    const plain = await fillTopic(course, {})
    const typed = await fillTopic(course, { schemas: true })
    for (let round = 1; round <= rounds; round++) {
      for (const variant of variants) {
        report(`round ${round} of ${rounds}: ${variant.title}`)
        const { topic } = variant.schemas ? typed : plain
        await measureVariant({ ...course, bucket, flushSize }, variant, topic, comparison)
      }
    }
    return plain.bytes / rows
  }).finally(() => bucket.drop())
  return `S3, records of ${figure(recordBytes)} bytes\n\n${comparison.table(recordBytes)}`
}

async function measureVariant(
  course: S3Course,
  variant: Variant,
  topic: string,
  comparison: Comparison,
): Promise<void> {
  const bareSink = await measureBareSink(course, variant, topic)
  const sink = await measureSink(course, variant, topic)
  comparison.add(`topic → S3, ${variant.title}`, { bare: bareSink, headrace: sink })
  const bareSource = await measureBareSource(course, variant, sink.place)
  const source = await measureSource(course, variant, sink.place)
  comparison.add(`S3 → topic, ${variant.title}`, { bare: bareSource, headrace: source })
}
