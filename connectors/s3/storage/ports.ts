import type { ObjectBucket, ObjectWriter } from '../ports.ts'

/** The bucket of a connector. Its methods reject with ConnectErrors that say what to do. */
export interface Storage {
  /** Reads the bucket. */
  readonly bucket: ObjectBucket
  /** Answers questions of `diagnose`; nothing is changed. */
  readonly inspection: BucketInspection
  /** Creates a writer. A task has one. Close it before the storage. */
  createWriter(): ObjectWriter
  /**
   * Rejects with `HR_CONNECT` if the bucket does not exist, is in another region or the credentials are not accepted, and
   * with `HR_RETRIABLE` if the server does not respond. A bucket that the credentials may not list is accepted.
   */
  checkBucket(signal: AbortSignal): Promise<void>
  /**
   * Aborts unfinished uploads that were initiated before this storage was opened, by the clock of the server, and whose
   * keys start with `prefix` and are accepted by `belongs`. Resolves to their number. Never rejects: without the
   * permission to list or abort uploads, it logs one warning.
   */
  abortLeftovers(prefix: string, belongs: (key: string) => boolean, signal: AbortSignal): Promise<number>
  /** Closes all connections. */
  close(): void
}

/** What the server says about a request that changes nothing. */
export type Permission = 'allowed' | 'denied'

export interface BucketInspection {
  /** Like {@link Storage.checkBucket}; also resolves to what the response tells. */
  head(signal: AbortSignal): Promise<BucketHead>
  /**
   * Asks whether the credentials may do something to objects whose keys start with `prefix`. Rejects if the request fails for
   * another reason. Without permission to list, the answer for `read` is always `denied`.
   */
  may(action: BucketAction, prefix: string, signal: AbortSignal): Promise<Permission>
  /** Resolves to the default encryption of the bucket; null if it has none, `unknown` if it may not be read. */
  encryption(signal: AbortSignal): Promise<BucketEncryption | null | 'unknown'>
  /** Resolves to the rule for new objects; null if there is none, `unknown` if it may not be read. */
  objectLock(signal: AbortSignal): Promise<ObjectLock | null | 'unknown'>
  /** Resolves to who owns new objects; null if there is no rule, `unknown` if it may not be read. */
  ownership(signal: AbortSignal): Promise<ObjectOwnership | null | 'unknown'>
}

export type BucketAction = 'list' | 'read' | 'put' | 'list-uploads' | 'abort'

export interface BucketHead {
  /** False if the credentials may not list the bucket; it exists nevertheless. */
  readonly listable: boolean
  /** Region of the bucket; null if the server does not tell. */
  readonly region: string | null
  /** How far the clock of the server is ahead of this machine's, in milliseconds; null if it does not tell. */
  readonly clockAheadMs: number | null
}

/** With `BucketOwnerEnforced`, access lists are disabled. */
export type ObjectOwnership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter'

export interface BucketEncryption {
  /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly algorithm: string
  readonly kmsKeyId: string | null
}

export interface ObjectLock {
  readonly enabled: boolean
  /** `GOVERNANCE` or `COMPLIANCE`; null without a default retention. */
  readonly mode: string | null
}
