import { isConnectError, type DiagnoseContext, type Finding } from '../../../api/index.ts'
import { openStorage, type BucketInspection, type StorageSettings } from '../storage/index.ts'
import { bucketRuleFindings, regionFindings } from './bucket-rules.ts'
import { info } from '../../shared/finding.ts'
import { permissionFindings, type Use } from './permissions.ts'
import { temporaryFolderFindings } from './temporary-folder.ts'
import { clockFinding, unreachable } from './unreachable.ts'

/** What is diagnosed. */
export interface Diagnosed {
  readonly settings: StorageSettings
  readonly use: Use
  /** The start of the keys of all objects of the connector. */
  readonly prefix: string
  /** Names of settings in the texts that the connector has other names for. */
  readonly renamed?: Readonly<Record<string, string>>
}

/** Opens the bucket for questions. */
export type Inspect = (
  settings: StorageSettings,
  log: DiagnoseContext['log'],
) => { readonly inspection: BucketInspection; close(): void }

const severities = ['error', 'warning', 'info']

/**
 * Returns what keeps a connector from working with its bucket, or surprises its users: errors first. Changes nothing in the
 * bucket and on the disk.
 */
export async function diagnoseStorage(
  diagnosed: Diagnosed,
  { log, signal }: Pick<DiagnoseContext, 'log' | 'signal'>,
  inspect: Inspect = (settings) => openStorage(settings, log, null),
): Promise<readonly Finding[]> {
  const { use, renamed = {} } = diagnosed
  // A person waits for the answer
  const settings = { ...diagnosed.settings, partRetries: Math.min(diagnosed.settings.partRetries, 1) }
  const storage = inspect(settings, log)
  try {
    const found = await Promise.all([
      use === 'write' ? temporaryFolderFindings(settings) : [],
      bucketFindings(storage.inspection, { ...diagnosed, settings }, signal),
    ])
    return found
      .flat()
      .map((finding) => withNames(finding, renamed))
      .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
  } finally {
    storage.close()
  }
}

async function bucketFindings(
  inspection: BucketInspection,
  { settings, use, prefix }: Diagnosed,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  try {
    const { listable, region, clockAheadMs } = await inspection.head(signal)
    const at = { use, bucket: settings.bucket, prefix, listable }
    const [permissions, rules] = await Promise.all([
      permissionFindings(inspection, at, signal),
      use === 'write' ? bucketRuleFindings(inspection, settings, signal) : [],
    ])
    return [...permissions, ...rules, ...regionFindings(settings, region), ...clockFinding(clockAheadMs)]
  } catch (failure) {
    if (signal.aborted) return [INCOMPLETE]
    if (!isConnectError(failure)) throw failure
    return [await unreachable(failure, settings)]
  }
}

const INCOMPLETE = info(
  'diagnosis-incomplete',
  'The server has not answered in time, so the bucket was not checked completely.',
  'Try again, or check the connection to the server.',
)

function withNames(finding: Finding, names: Readonly<Record<string, string>>): Finding {
  const renamed = (text: string): string =>
    Object.entries(names).reduce((changed, [name, own]) => changed.replaceAll(name, own), text)
  return {
    ...finding,
    message: renamed(finding.message),
    remedy: typeof finding.remedy === 'string' ? renamed(finding.remedy) : null,
  }
}
