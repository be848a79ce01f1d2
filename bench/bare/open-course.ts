import { distributedProps, launchWorker, sharedKafka } from '../../integration-tests/services/index.ts'
import { openClient, TopicAdmin } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import type { Course } from './course.ts'

/** Options of a suite with bare programs. */
export interface CourseOptions {
  /** Number of records. */
  readonly rows: number
  readonly rounds: number
  report(text: string): void
}

/** Starts a worker, calls `run`, and stops it. */
export async function withCourse<T>(
  { rows, report }: CourseOptions,
  run: (course: Course) => Promise<T>,
): Promise<T> {
  const servers = await sharedKafka(report)
  const client = await openClient({ 'bootstrap.servers': servers }, silentLogger)
  const worker = await launchWorker({ props: distributedProps(servers) })
  try {
    return await run({ worker, admin: new TopicAdmin(client), servers, records: rows })
  } finally {
    await worker.stop()
    await client.close()
  }
}
