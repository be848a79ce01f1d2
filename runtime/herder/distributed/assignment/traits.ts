import type { Tags } from '../../../../config/index.ts'

/**
 * What a Headrace worker tells the leader beyond Kafka Connect's metadata, as a member of the group protocol `headrace`.
 */
export interface WorkerTraits {
  /** Version of Headrace. */
  readonly version: string
  readonly tags: Tags
  /** The names under which the worker has connectors: class names, short names and aliases. */
  readonly connectors: ReadonlySet<string>
}

/** JSON, so that later versions can add fields. */
export function encodeTraits({ version, tags, connectors }: WorkerTraits): Buffer {
  return Buffer.from(JSON.stringify({ version, tags: Object.fromEntries(tags), connectors: [...connectors] }))
}

/**
 * Ignores fields that this version does not know. A field that is missing or not of the expected type is empty, so that
 * the metadata of one worker never prevents an assignment for the others.
 */
export function decodeTraits(bytes: Buffer): WorkerTraits {
  const { version, tags, connectors } = fieldsOf(bytes)
  return {
    version: typeof version === 'string' ? version : '',
    tags: new Map(Object.entries(objectOf(tags)).map(([name, value]) => [name, String(value)])),
    connectors: new Set(Array.isArray(connectors) ? connectors.map(String) : []),
  }
}

function fieldsOf(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(bytes.toString('utf8')))
  } catch {
    return {}
  }
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
