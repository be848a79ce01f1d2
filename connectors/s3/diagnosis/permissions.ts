import { isConnectError, type Finding } from '../../../api/index.ts'
import type { BucketAction, BucketInspection } from '../storage/index.ts'
import { error, warning } from '../../shared/finding.ts'

/** What a connector does with objects. */
export type Use = 'write' | 'read'

interface Needed {
  readonly action: BucketAction
  readonly permission: string
  /** Completes "The credentials may not …". */
  readonly what: string
  readonly severity: 'error' | 'warning'
  /** What happens without it. */
  readonly consequence: string
}

const whenWriting: readonly Needed[] = [
  {
    action: 'put',
    permission: 's3:PutObject',
    what: 'write objects',
    severity: 'error',
    consequence: 'No object can be stored.',
  },
  {
    action: 'read',
    permission: 's3:GetObject',
    what: 'read objects',
    severity: 'warning',
    consequence:
      'After an interruption, the task cannot compare an object that exists with its records, and fails.',
  },
  {
    action: 'abort',
    permission: 's3:AbortMultipartUpload',
    what: 'abort uploads',
    severity: 'warning',
    consequence: 'The parts of interrupted uploads stay in the bucket and cost storage.',
  },
  {
    action: 'list-uploads',
    permission: 's3:ListBucketMultipartUploads',
    what: 'list unfinished uploads',
    severity: 'warning',
    consequence: 'The parts of interrupted uploads stay in the bucket and cost storage.',
  },
]

const whenReading: readonly Needed[] = [
  {
    action: 'list',
    permission: 's3:ListBucket',
    what: 'list the bucket',
    severity: 'error',
    consequence: 'No object can be found.',
  },
  {
    action: 'read',
    permission: 's3:GetObject',
    what: 'read objects',
    severity: 'error',
    consequence: 'No object can be read.',
  },
]

const needed: Readonly<Record<Use, readonly Needed[]>> = { write: whenWriting, read: whenReading }

/**
 * Returns which permissions are missing for objects below a prefix. The requests change nothing: they ask for things that do
 * not exist.
 */
export async function permissionFindings(
  inspection: BucketInspection,
  at: { readonly use: Use; readonly bucket: string; readonly prefix: string; readonly listable: boolean },
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const findings = needed[at.use].map(async (need): Promise<readonly Finding[]> => {
    // Without permission to list, a missing object looks like a forbidden one
    if (need.action === 'read' && !at.listable) return unlistable(at)
    try {
      const permission = await inspection.may(need.action, at.prefix, signal)
      return permission === 'denied' ? [denied(need, at)] : []
    } catch (failure) {
      if (!isConnectError(failure)) throw failure
      return [
        warning(
          'permission-unknown',
          `It is unknown whether the credentials may ${need.what}: ${failure.message}`,
        ),
      ]
    }
  })
  return (await Promise.all(findings)).flat()
}

interface Place {
  readonly use: Use
  readonly bucket: string
  readonly prefix: string
}

function denied({ action, permission, what, severity, consequence }: Needed, at: Place): Finding {
  const isAboutBucket = action === 'list' || action === 'list-uploads'
  const resource = `arn:aws:s3:::${at.bucket}${isAboutBucket ? '' : `/${at.prefix}*`}`
  const report = severity === 'error' ? error : warning
  return report(
    `${action}-denied`,
    `The credentials may not ${what} in bucket ${at.bucket}. ${consequence}`,
    `Allow ${permission} on ${resource}, in the policies of the user or role and of the bucket.`,
  )
}

/** A source has the finding about listing already. */
function unlistable({ use, bucket }: Place): readonly Finding[] {
  if (use === 'read') return []
  return [
    warning(
      'list-denied',
      `The credentials may not list bucket ${bucket}, so it is unknown whether they may read objects. The server then answers that a missing object is forbidden.`,
      `Allow s3:ListBucket on arn:aws:s3:::${bucket}, and s3:GetObject on its objects.`,
    ),
  ]
}
