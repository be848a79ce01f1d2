/** What follows from an error of the server. */
export interface Consequence {
  /**
   * `retry`: the request may succeed later. `fail`: somebody must act first. `retry-then-fail`: the next attempt may
   * succeed, because the client corrects itself; after that, somebody must act.
   */
  readonly next: 'retry' | 'fail' | 'retry-then-fail'
  /** A sentence without its full stop. */
  readonly remedy?: string
}

/** What a remedy refers to. */
export interface Subject {
  readonly bucket: string
  readonly region: string
  /** The action that policies name, such as `s3:PutObject`. */
  readonly permission: string
  /** Whether the credentials can be renewed. */
  readonly renewable: boolean
  /** Region of the bucket, if the server tells. */
  readonly bucketRegion: string | undefined
}

type Rule = Consequence | ((subject: Subject) => Consequence)

const retry: Consequence = { next: 'retry' }
const fail = (remedy: string): Consequence => ({ next: 'fail', remedy })

const checkKeys =
  'Check aws.access.key.id and aws.secret.access.key, or the credentials that s3.credentials.provider.class reads'
const signature = `${checkKeys}; a proxy or gateway in between must not change the request or its Host header`
const clock = 'Synchronise the clock of this machine with a time server'
const kms = 'Check that the key of s3.sse.kms.key.id exists in the region of the bucket and is enabled'
const encryptionKey = 'Check s3.sse.customer.key: the object needs the key that it was stored with'
const shorter = 'Shorten topics.dir or the directories of the partitioner'

const denied = ({ permission, bucket }: Subject): Consequence =>
  fail(
    `Allow the credentials ${permission} on bucket ${bucket}, in the policies of the user or role and of the bucket, and if ` +
      'the bucket is encrypted with KMS, kms:GenerateDataKey and kms:Decrypt on its key',
  )

const wrongRegion = ({ bucket, bucketRegion, region }: Subject): Consequence =>
  fail(
    bucketRegion === undefined || bucketRegion === region
      ? `Set s3.region to the region of bucket ${bucket} (it is ${region}), and check store.url`
      : `Bucket ${bucket} is in region ${bucketRegion}: set s3.region=${bucketRegion} (it is ${region})`,
  )

const expired = ({ renewable }: Subject): Consequence =>
  renewable
    ? { next: 'retry', remedy: 'The credentials are renewed for the next attempt' }
    : fail(
        'Replace the temporary credentials, or let s3.credentials.provider.class provide ones that are renewed',
      )

/** Renewed once, in case that the token was cut short on its way here. */
const invalidToken = ({ renewable }: Subject): Consequence => ({
  next: renewable ? 'retry-then-fail' : 'fail',
  remedy: `${checkKeys}, and that the server knows them`,
})

/** By the code of the error, see the list of error codes in the reference of Amazon S3. */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  [
    'AccessControlListNotSupported',
    fail('Leave s3.acl.canned empty: access lists are disabled for the bucket'),
  ],
  ['AccessDenied', denied],
  ['AccountProblem', fail('Ask the provider of the account')],
  ['AllAccessDisabled', fail('Ask the provider of the account')],
  ['AuthorizationHeaderMalformed', wrongRegion],
  ['BadDigest', retry],
  ['BucketRegionError', wrongRegion],
  ['ConditionalRequestConflict', retry],
  [
    'EntityTooLarge',
    fail('Make objects smaller with flush.size or rotate.interval.ms, or parts with s3.part.size'),
  ],
  ['EntityTooSmall', fail('Increase s3.part.size: the server wants larger parts')],
  ['ExpiredToken', expired],
  ['ExpiredTokenException', expired],
  ['Forbidden', denied],
  ['IllegalLocationConstraintException', wrongRegion],
  ['IncompleteBody', retry],
  ['InternalError', retry],
  ['InvalidAccessKeyId', fail(checkKeys)],
  ['InvalidBucketName', fail('Correct s3.bucket.name')],
  ['InvalidClientTokenId', fail(checkKeys)],
  ['InvalidToken', invalidToken],
  ['KeyTooLongError', fail(shorter)],
  ['MetadataTooLarge', fail('The server accepts no user metadata; use another one')],
  ['MovedPermanently', wrongRegion],
  ['NoSuchBucket', fail('Create the bucket, or correct s3.bucket.name and store.url')],
  ['NotSignedUp', fail('Ask the provider of the account')],
  ['OperationAborted', retry],
  ['PermanentRedirect', wrongRegion],
  ['RequestExpired', { next: 'retry-then-fail', remedy: clock }],
  ['RequestTimeTooSkewed', { next: 'retry-then-fail', remedy: clock }],
  ['RequestTimeout', retry],
  ['ServiceUnavailable', retry],
  ['SignatureDoesNotMatch', fail(signature)],
  ['SlowDown', retry],
  ['TemporaryRedirect', wrongRegion],
  ['TokenRefreshRequired', expired],
  ['TooManyRequests', retry],
  ['UnrecognizedClientException', fail(checkKeys)],
  ['XAmzContentChecksumMismatch', retry],
  ['XAmzContentSHA256Mismatch', retry],
])

/** Locks are refusals of a kind that policies do not help against, whatever their code. */
const locked = /object.?lock|retention|legal hold|\bWORM\b/i
const whenLocked = fail('Wait until the lock of the object ends, or write to another bucket')

/** By the text of the error, for codes that stand for many errors. */
const texts: readonly (readonly [RegExp, Consequence])[] = [
  [/SSE.?C\b|customer.{0,20}(?:key|encryption)/i, fail(encryptionKey)],
  [/\bKMS\b/i, fail(kms)],
]

/** Returns what follows from an error of the server with this code, text and HTTP status. */
export function consequenceOf(
  error: { readonly code: string; readonly text: string; readonly status: number },
  subject: Subject,
): Consequence {
  if (error.status < 500 && locked.test(error.text)) return whenLocked
  const rule = rules.get(error.code)
  if (rule !== undefined) return typeof rule === 'function' ? rule(subject) : rule
  if (/^Throttl|^RequestThrottled|^KMS\.Throttl/.test(error.code)) return retry
  if (error.code.startsWith('KMS.')) return fail(kms)
  const byText = error.status < 500 ? texts.find(([pattern]) => pattern.test(error.text)) : undefined
  return byText === undefined ? byStatus(error.status, subject) : byText[1]
}

function byStatus(status: number, subject: Subject): Consequence {
  if (status === 301 || status === 307) return wrongRegion(subject)
  if (status === 403) return denied(subject)
  if (status === 407) return fail('Check s3.proxy.user and s3.proxy.password')
  if (status === 501)
    return fail('The server does not support this request; check the settings of the connector')
  if (status === 408 || status === 429 || status >= 500) return retry
  return { next: 'fail' }
}
