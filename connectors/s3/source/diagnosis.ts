import { isConnectError, type DiagnoseContext, type Finding } from '../../../api/index.ts'
import { diagnoseStorage } from '../diagnosis/diagnose.ts'
import type { ListedObject, ObjectBucket } from '../ports.ts'
import { openStorage } from '../storage/index.ts'
import type { SourcePlan } from './plan.ts'
import type { SourceParts } from './stored-source.ts'

/** Objects that are looked at below each prefix. */
const LOOKED_AT = 5000

/**
 * Returns what keeps a source from reading its bucket. `renamed`: names of settings in the texts that the connector has
 * other names for.
 */
export async function diagnoseSource(
  { plan, storage }: SourceParts,
  context: Pick<DiagnoseContext, 'log' | 'signal'>,
  renamed: Readonly<Record<string, string>>,
): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const prefix of plan.roots) {
    found.push(...(await diagnoseStorage({ settings: storage, use: 'read', prefix, renamed }, context)))
    if (found.some(({ severity }) => severity === 'error')) return found
  }
  const { bucket } = openStorage(storage, context.log, null)
  try {
    return [...found, ...(await diagnoseObjects(plan, bucket, context.signal))]
  } catch (error) {
    if (!isConnectError(error) && !context.signal.aborted) throw error
    return found // the reason is among them
  } finally {
    bucket.close()
  }
}

interface Looked {
  objects: number
  readable: number
  foreign: ListedObject | undefined
}

/**
 * Returns why the source would not read anything, from the first objects below its prefixes. Rejects with a ConnectError if
 * they cannot be listed.
 */
export async function diagnoseObjects(
  plan: SourcePlan,
  bucket: Pick<ObjectBucket, 'list'>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const root of plan.roots) {
    const looked = await lookAt(plan, bucket, root, signal)
    const place = root === '' ? `bucket ${plan.bucket}` : `bucket ${plan.bucket} below ${root}`
    if (looked.objects === 0) findings.push(noObjects(place))
    else if (looked.readable === 0) findings.push(nothingReadable(place, looked))
  }
  return findings
}

async function lookAt(
  plan: SourcePlan,
  bucket: Pick<ObjectBucket, 'list'>,
  root: string,
  signal: AbortSignal,
): Promise<Looked> {
  const looked: Looked = { objects: 0, readable: 0, foreign: undefined }
  for await (const page of bucket.list(root, plan.startAfter ?? undefined, signal)) {
    for (const object of page) {
      looked.objects++
      if (plan.naming.parse(object.key) === undefined) looked.foreign ??= object
      else if (object.size > 0 && object.lastModified >= plan.modifiedSince) looked.readable++
    }
    if (looked.objects >= LOOKED_AT) break
  }
  return looked
}

const noObjects = (place: string): Finding => ({
  id: 'no-objects',
  severity: 'warning',
  message: `There are no objects in ${place}. The source waits for some.`,
  remedy: 'If there should be objects, correct topics.dir or folders.',
})

function nothingReadable(place: string, { objects, foreign }: Looked): Finding {
  const example = foreign === undefined ? '' : ` An example is ${foreign.key}.`
  return {
    id: 'no-readable-objects',
    severity: 'warning',
    message: `None of the first ${objects} objects in ${place} is to be read, because of its name, its format, its size or when it was modified.${example}`,
    remedy:
      'Compare the names with topics.dir, directory.delim and file.delim, and the extensions with format.class. To read objects with any name, set mode=GENERIC and topic or topic.regex.list.',
  }
}
