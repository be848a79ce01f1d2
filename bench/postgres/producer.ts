import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runJava, uniqueName, workFolder } from '../../integration-tests/services/index.ts'
import type { TopicAdmin } from '../../runtime/kafka/index.ts'

/** With fewer records, the start of the producer would count. */
const FEWEST_RECORDS = 100_000

/**
 * Measures the records per second of a Java producer that does nothing else, with records of this size: an upper limit for
 * any connector with one task. As many records are sent before the measurement.
 */
export async function measureProducer(
  admin: TopicAdmin,
  servers: string,
  records: number,
  recordBytes: number,
): Promise<number> {
  const topic = uniqueName('producer')
  await admin.create({ topic, partitions: 1, replicationFactor: 1, configs: {} }, {})
  const logFile = join(workFolder('producer'), 'log')
  const count = Math.max(records, FEWEST_RECORDS)
  const options = {
    'bootstrap-server': servers,
    'topic': topic,
    'num-records': String(2 * count),
    'warmup-records': String(count),
    'record-size': String(recordBytes),
    'throughput': '-1',
    'command-property': 'acks=all',
  }
  await runJava({
    mainClass: 'org.apache.kafka.tools.ProducerPerformance',
    args: Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    jvm: ['-Xms256m', '-Xmx1g', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'],
    logFile,
  })
  return producerRate(await readFile(logFile, 'utf8'))
}

/** Returns the rate in the last line of the output of kafka-producer-perf-test, after the warm-up. Throws if there is none. */
export function producerRate(output: string): number {
  const rates = [...output.matchAll(/^\d+ (?:steady state )?records sent, ([\d.,]+) records\/sec/gm)]
  const rate = Number(rates.at(-1)?.[1]?.replace(',', '.'))
  if (Number.isFinite(rate)) return rate
  throw new Error(`kafka-producer-perf-test has printed no rate: ${output.slice(-500)}`)
}
