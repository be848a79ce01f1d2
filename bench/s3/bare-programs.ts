import { join } from 'node:path'
import { startChild, workFolder, type Bucket } from '../../integration-tests/services/index.ts'
import { projectFolder } from '../../integration-tests/services/project.ts'
import { peakOf } from '../pipeline/process-tree.ts'

/** Options of `S3Client`. */
export interface ClientOptions {
  readonly endpoint: string
  readonly region: string
  readonly forcePathStyle: boolean
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** Returns the options of a client of the bucket's server. */
export function clientOptions({ address, props }: Bucket): ClientOptions {
  const { endpoint, accessKeyId, secretAccessKey } = address
  const region = props['s3.region'] ?? ''
  return { endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } }
}

interface BareTask {
  readonly client: ClientOptions
  readonly bucket: string
  readonly prefix: string
  readonly servers: string
  readonly topic: string
}

export interface BareSinkTask extends BareTask {
  readonly format: 'bytes' | 'json' | 'json.gz' | 'avro' | 'parquet'
  readonly group: string
  readonly records: number
  readonly flushSize: number
}

export interface BareSourceTask extends BareTask {
  readonly format: 'json' | 'json.gz' | 'avro' | 'parquet'
}

export interface BareRun {
  /** From the start of the program to its end. */
  readonly seconds: number
  /** Peak of the resident memory, in bytes. */
  readonly peak: number
}

const SAMPLE_MS = 250

/** Runs one of the bare programs to its end. Throws if it fails. */
export async function runBare(
  program: 'bare-sink' | 'bare-source',
  task: BareSinkTask | BareSourceTask,
): Promise<BareRun> {
  const startedAt = performance.now()
  const child = startChild({
    command: process.execPath,
    args: [join(projectFolder, 'dist', 'bench', 's3', `${program}.js`), JSON.stringify(task)],
    logFile: join(workFolder('bare'), 'log'),
  })
  let peak = 0
  const sampler = setInterval(() => {
    void peakOf(child.pid).then((bytes) => (peak = Math.max(peak, bytes)))
  }, SAMPLE_MS)
  const { code } = await child.ended
  clearInterval(sampler)
  if (code !== 0) throw new Error(`${program} failed:\n${child.log().slice(-2000)}`)
  return { seconds: (performance.now() - startedAt) / 1000, peak }
}
