import { ConnectError, type Props } from '../../api/index.ts'
import { JsonNumber } from '../../java/index.ts'
import { parseJsonText } from './json-text.ts'
import { parseProperties } from './properties.ts'
import { readText, type DecodedText } from './read-text.ts'

const initialStates = ['RUNNING', 'PAUSED', 'STOPPED'] as const

export type InitialState = (typeof initialStates)[number]

/** A connector read from a file. */
export interface ConnectorFile {
  readonly name: string
  /** Includes `name`. */
  readonly config: Props
  /** Undefined when the file does not set it. */
  readonly initialState: InitialState | undefined
}

/** A connector read from a file, with warnings about the file. */
export interface LoadedConnector extends ConnectorFile {
  /** Each warning starts with the name of the file. */
  readonly warnings: readonly string[]
}

/** Reads a connector from a file; see {@link parseConnectorFile}. */
export async function loadConnectorFile(path: string): Promise<LoadedConnector> {
  return loadedConnector(await readText(path), path)
}

/** Like {@link loadConnectorFile}, for text that has been read already. */
export function loadedConnector({ text, warning }: DecodedText, path: string): LoadedConnector {
  const warnings = warning === undefined ? [] : [`${path} ${warning}`]
  return { ...parseConnectorFile(text, path), warnings }
}

/**
 * Parses a connector from a property file or JSON: a flat object of settings, or the body of a create request
 * (`name`, `config`, `initial_state`).
 *
 * Throws `HR_CONFIG_INVALID` with the name of the file. Source: ConnectStandalone.parseConnectorConfigurationFile.
 * Differs: a file that starts like JSON but is malformed is not parsed as properties.
 */
export function parseConnectorFile(text: string, path: string): ConnectorFile {
  if (!/^\ufeff?\s*[{[]/.test(text)) {
    const config = Object.fromEntries(parseProperties(text, path).map(({ key, value }) => [key, value]))
    return flat(config, path)
  }
  const json = parseJsonText(text, path)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw invalid(path, 'expected a JSON object with connector settings')
  }
  const fields = json as Readonly<Record<string, unknown>>
  const { config } = fields
  return isObject(config) ? request(fields, config, path) : flat(texts(fields, path), path)
}

function flat(config: Props, path: string): ConnectorFile {
  const { name } = config
  if (name === undefined || name === null) throw invalid(path, 'the setting name is missing', 'name')
  return { name, config, initialState: undefined }
}

function request(
  fields: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
  path: string,
): ConnectorFile {
  const config = texts(given, path, 'config.')
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

/** Converts values to strings; numbers keep their notation. Throws `HR_CONFIG_INVALID` for an array or object. */
function texts(fields: Readonly<Record<string, unknown>>, path: string, prefix = ''): Props {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      const text = asText(value)
      if (text !== undefined) return [key, text]
      const found = Array.isArray(value) ? 'an array' : 'an object'
      const hint = Array.isArray(value) ? '; write a list as one string, separated by commas' : ''
      const expected = 'expected a string, number, boolean or null'
      throw invalid(path, `"${prefix}${key}" is ${found}, ${expected}${hint}`, key)
    }),
  )
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)

function asText(value: unknown): string | null | undefined {
  if (value === null || typeof value === 'string') return value
  if (value instanceof JsonNumber) return value.text
  return ['number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : undefined
}

function invalid(path: string, what: string, configKey?: string): ConnectError {
  const options = configKey === undefined ? {} : { configKey }
  return new ConnectError('HR_CONFIG_INVALID', `${path}: ${what}`, options)
}
