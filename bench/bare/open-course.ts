import { distributedProps, launchWorker, sharedKafka } from '../../integration-tests/services/index.ts'
import { openClient, TopicAdmin } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import type { Course } from './course.ts'

/** Starts a worker, calls `run`, and stops it. */
export async function withCourse<T>(
  records: number,
  report: (text: string) => void,
  run: (course: Course) => Promise<T>,
): Promise<T> {
  const servers = await sharedKafka(report)
  const client = await openClient({ 'bootstrap.servers': servers }, silentLogger)
  const worker = await launchWorker({ props: distributedProps(servers) })
  try {
    return await run({ worker, admin: new TopicAdmin(client), servers, records })
  } finally {
    await worker.stop()
    await client.close()
  }
}
