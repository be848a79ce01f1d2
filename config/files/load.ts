import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ConnectError, messageOf, type ConfigDef } from '../../api/index.ts'
import { isWorkerKey, workerKeys } from '../worker/index.ts'
import { checkSettings, unknownSettings, type FileFault } from './check.ts'
import { parseProperties, type PropertyEntry } from './properties.ts'

/** A worker's settings as written, and what is odd about them without being wrong. */
export interface LoadedProperties {
  readonly props: Readonly<Record<string, string>>
  /** Each with file, line and key. */
  readonly warnings: readonly string[]
}

/**
 * Reads the property file of a worker, puts overrides on top, and checks it all.
 *
 * `resolve` replaces variables before the check. Throws `HR_CONFIG_INVALID` with a line for each fault: file, line,
 * key, what was found and what was expected.
 */
export async function loadWorkerProperties(
  path: string,
  overrides: Readonly<Record<string, string>>,
  def: ConfigDef,
  resolve: (props: Record<string, string>) => Promise<Record<string, string>>,
): Promise<LoadedProperties> {
  const entries = parseProperties(await readText(path))
  const written = { ...asProps(entries), ...overrides }
  const props = await resolve(written)
  const place = (fault: FileFault) =>
    `${where(path, entries, overrides, fault.key)}${fault.key}: ${fault.text}`
  const faults = await checkSettings(def, props)
  if (faults.length > 0) {
    const text = `The worker cannot start with these settings:\n${faults.map((fault) => `  ${place(fault)}`).join('\n')}`
    throw new ConnectError('HR_CONFIG_INVALID', text, { configKey: faults[0]?.key ?? '' })
  }
  const unknown = unknownSettings(Object.keys(props), (key) => isWorkerKey(def, key), workerKeys(def))
  return { props, warnings: unknown.map(place) }
}

/** Reads `connector.properties`, or JSON: a flat object with a name, or the body of a create request. */
export async function loadConnectorFile(path: string): Promise<ConnectorFile> {
  const text = await readText(path)
  const json = parseObject(text)
  const fromJson = json === undefined ? undefined : connectorFromJson(json)
  if (fromJson !== undefined) return fromJson
  const config = asProps(parseProperties(text))
  if (config['name'] !== undefined && json === undefined)
    return { name: config['name'], config, initialState: undefined }
  const message = `${path}: expected a property file with a name, or JSON with a name and settings`
  throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'name' })
}

/** A connector as a file describes it. */
export interface ConnectorFile {
  readonly name: string
  readonly config: Readonly<Record<string, string>>
  /** As written; undefined when the file does not say. */
  readonly initialState: string | undefined
}

function connectorFromJson(json: Readonly<Record<string, unknown>>): ConnectorFile | undefined {
  const { name, config, initial_state: initialState } = json
  if (typeof name !== 'string') return undefined
  if (typeof config === 'object' && config !== null) {
    const state = typeof initialState === 'string' ? initialState : undefined
    return { name, config: { ...texts(config as Record<string, unknown>), name }, initialState: state }
  }
  return { name, config: texts(json), initialState: undefined }
}

const texts = (json: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(json).flatMap(([key, value]) =>
      value === null || typeof value === 'object' ? [] : [[key, String(value as string | number | boolean)]],
    ),
  )

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new ConnectError('HR_CONFIG_INVALID', `${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

const asProps = (entries: readonly PropertyEntry[]): Record<string, string> =>
  Object.fromEntries(entries.map(({ key, value }) => [key, value]))

/** `worker.properties:12: ` for what the file says, `--override ` for what came on top of it. */
function where(
  path: string,
  entries: readonly PropertyEntry[],
  overrides: Readonly<Record<string, string>>,
  key: string,
): string {
  if (Object.hasOwn(overrides, key)) return '--override '
  const line = entries.findLast((entry) => entry.key === key)?.line
  return line === undefined ? `${basename(path)}: ` : `${basename(path)}:${line}: `
}
