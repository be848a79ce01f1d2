import { ConnectError, JsonNumber, messageOf, parseJson, type Props } from '../../api/index.ts'
import { parseProperties } from './properties.ts'
import { readText } from './read-text.ts'

const initialStates = ['RUNNING', 'PAUSED', 'STOPPED'] as const

export type InitialState = (typeof initialStates)[number]

/** A connector as a file describes it. */
export interface ConnectorFile {
  readonly name: string
  /** With the name in it. */
  readonly config: Props
  /** Undefined when the file does not say. */
  readonly initialState: InitialState | undefined
}

/** Reads a connector from a file; see {@link parseConnectorFile}. */
export async function loadConnectorFile(path: string): Promise<ConnectorFile> {
  return parseConnectorFile(await readText(path), path)
}

/**
 * Reads a connector: JSON, either a flat object of settings or the body of a create request
 * (`name`, `config`, `initial_state`), or a property file.
 *
 * Throws `HR_CONFIG_INVALID` with the name of the file. Source: ConnectStandalone.parseConnectorConfigurationFile.
 * Differs: what begins as JSON is not read as properties when it is broken.
 */
export function parseConnectorFile(text: string, path: string): ConnectorFile {
  if (!/^\ufeff?\s*[{[]/.test(text)) {
    const config = Object.fromEntries(parseProperties(text, path).map(({ key, value }) => [key, value]))
    return flat(config, path)
  }
  const json = parsed(text, path)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw invalid(path, 'expected a JSON object with the settings of a connector')
  }
  const fields = json as Readonly<Record<string, unknown>>
  const config = texts(fields)
  return config === undefined ? request(fields, path) : flat(config, path)
}

function flat(config: Props, path: string): ConnectorFile {
  const { name } = config
  if (name === undefined || name === null) throw invalid(path, 'the setting name is missing', 'name')
  return { name, config, initialState: undefined }
}

function request(fields: Readonly<Record<string, unknown>>, path: string): ConnectorFile {
  const given = fields['config']
  const config =
    typeof given === 'object' && given !== null && !Array.isArray(given)
      ? texts(given as Readonly<Record<string, unknown>>)
      : undefined
  if (config === undefined) {
    const nested = Object.entries(fields).find(([, value]) => typeof value === 'object' && value !== null)
    const shown = given === undefined ? `"${nested?.[0] ?? ''}"` : '"config"'
    throw invalid(path, `${shown}: expected an object of settings, each a text, a number or a boolean`)
  }
  const name = asText(fields['name']) ?? config['name']
  if (name === undefined || name === null) throw invalid(path, '"name" is missing', 'name')
  if (config['name'] !== undefined && config['name'] !== name) {
    throw invalid(path, `"name" is '${name}', but the setting name is '${config['name'] ?? 'null'}'`, 'name')
  }
  return { name, config: { ...config, name }, initialState: initialState(fields['initial_state'], path) }
}

function initialState(value: unknown, path: string): InitialState | undefined {
  if (value === undefined || value === null) return undefined
  const state = initialStates.find((known) => known === String(value).toUpperCase())
  if (state !== undefined) return state
  throw invalid(path, `"initial_state" is '${String(value)}', expected one of ${initialStates.join(', ')}`)
}

function parsed(text: string, path: string): unknown {
  try {
    return parseJson(text.replace(/^\ufeff/, ''), { decimals: 'exact', whole: true })
  } catch (error) {
    throw invalid(path, `not JSON: ${messageOf(error)}`)
  }
}

/** Settings are texts, and numbers are as they are written; undefined when something is not a single value. */
function texts(fields: Readonly<Record<string, unknown>>): Props | undefined {
  const entries: [string, string | null][] = []
  for (const [key, value] of Object.entries(fields)) {
    const text = asText(value)
    if (text === undefined) return undefined
    entries.push([key, text])
  }
  return Object.fromEntries(entries)
}

function asText(value: unknown): string | null | undefined {
  if (value === null || typeof value === 'string') return value
  if (value instanceof JsonNumber) return value.text
  return ['number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : undefined
}

function invalid(path: string, what: string, configKey?: string): ConnectError {
  const options = configKey === undefined ? {} : { configKey }
  return new ConnectError('HR_CONFIG_INVALID', `${path}: ${what}`, options)
}
