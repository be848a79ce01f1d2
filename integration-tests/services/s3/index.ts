import { dockerAnswers } from '../docker-engine.ts'
import { createBucketOn, type Bucket } from './bucket.ts'
import { startInDocker } from './docker.ts'
import { hasGateway, installGo } from './gateway.ts'
import { startLocally } from './local.ts'
import type { S3Address, S3Options, S3Server } from './server.ts'

export { createBucketOn } from './bucket.ts'
export type { Bucket } from './bucket.ts'
export type { S3Address, S3Options, S3Server } from './server.ts'

/** Names of the environment variables with the address of an existing S3 server, and the keys of an account on it. */
export const S3_ENDPOINT = 'S3_ENDPOINT'
const S3_ACCESS_KEY_ID = 'S3_ACCESS_KEY_ID'
const S3_SECRET_ACCESS_KEY = 'S3_SECRET_ACCESS_KEY'

/**
 * Starts an S3 server of its own: in Docker if an engine responds, otherwise with a program that is built with Go.
 *
 * If neither is available, throws an error that says what to install.
 */
export async function startS3(options: S3Options = {}): Promise<S3Server> {
  if (await dockerAnswers()) return startInDocker(options)
  if (await hasGateway()) return startLocally(options)
  throw new Error(
    `No S3 server available: ${S3_ENDPOINT} is not set, no Docker engine responds, and Go is missing.\n` +
      `Do one of the following: set ${S3_ENDPOINT}=http://host:port with ${S3_ACCESS_KEY_ID} and ${S3_SECRET_ACCESS_KEY}, ` +
      `start Docker, or ${installGo}.`,
  )
}

/** Resolves to a server that tests share: from the environment, otherwise started for this process. */
export async function sharedS3(report?: (text: string) => void): Promise<S3Address> {
  const endpoint = process.env[S3_ENDPOINT] ?? ''
  if (endpoint !== '') {
    const accessKeyId = process.env[S3_ACCESS_KEY_ID] ?? ''
    return { endpoint, accessKeyId, secretAccessKey: process.env[S3_SECRET_ACCESS_KEY] ?? '' }
  }
  started ??= startS3(report === undefined ? {} : { report })
  return started
}

let started: Promise<S3Server> | undefined

/** Returns the environment with which other processes share the server. */
export function s3Environment(address: S3Address): Record<string, string> {
  return {
    [S3_ENDPOINT]: address.endpoint,
    [S3_ACCESS_KEY_ID]: address.accessKeyId,
    [S3_SECRET_ACCESS_KEY]: address.secretAccessKey,
  }
}

/** Creates a bucket with a unique name on the shared server. Drop it at the end of the test. */
export async function createBucket(name?: string): Promise<Bucket> {
  return createBucketOn(await sharedS3(), name)
}
