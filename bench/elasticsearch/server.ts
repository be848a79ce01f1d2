import {
  sharedElasticsearch,
  startElasticsearch,
  type SearchAddress,
} from '../../integration-tests/services/index.ts'

/** A server for the measurements. */
export interface BenchServer {
  readonly address: SearchAddress
  /** Stops the server if it was started for the measurements. */
  close(): Promise<void>
}

const HEAP = '1g'

/** Opens the server of `ELASTICSEARCH_URL`, or starts one that is as fast as the JVM can make it, unlike that of the tests. */
export async function openBenchServer(report: (text: string) => void): Promise<BenchServer> {
  if ((process.env['ELASTICSEARCH_URL'] ?? '') !== '') {
    return { address: await sharedElasticsearch(report), close: async () => {} }
  }
  const server = await startElasticsearch({ heap: HEAP, optimized: true, report })
  return { address: server, close: () => server.stop() }
}
