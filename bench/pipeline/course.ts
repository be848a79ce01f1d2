import { join } from 'node:path'
import { sharedKafka, workFolder } from '../../integration-tests/services/index.ts'
import { openClient, TopicAdmin } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import type { Course } from './throughput.ts'
import { writeLines } from './workload.ts'

/** A broker and a file of lines, which several measurements share. */
export interface PreparedCourse {
  /** Address of the broker. */
  readonly servers: string
  readonly course: Omit<Course, 'topic'>
  close(): Promise<void>
}

export async function prepareCourse(lines: number, report: (text: string) => void): Promise<PreparedCourse> {
  const servers = await sharedKafka(report)
  const client = await openClient({ 'bootstrap.servers': servers }, silentLogger)
  const folder = workFolder('bench')
  const file = join(folder, 'lines.txt')
  report(`writing ${lines} lines`)
  await writeLines(file, lines)
  const course = { file, outFile: join(folder, 'out.txt'), lines, admin: new TopicAdmin(client) }
  return { servers, course, close: async () => client.close() }
}
