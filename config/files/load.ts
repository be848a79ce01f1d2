import { basename } from 'node:path'
import { ConnectError, type ConfigDef } from '../../api/index.ts'
import { refusedSettings, settingsWithoutEffect, unknownSettings, type SettingNote } from '../worker/index.ts'
import { checkSettings } from './check.ts'
import { parseProperties, type PropertyEntry } from './properties.ts'
import { readText } from './read-text.ts'

/** A worker's settings as written, and what is odd about them without being wrong. */
export interface LoadedProperties {
  readonly props: Readonly<Record<string, string>>
  /** Each with file, line and key. */
  readonly warnings: readonly string[]
}

/** What is done with the settings of a file once they are read. */
export interface LoadOptions {
  /** On top of those of the file. */
  readonly overrides: Readonly<Record<string, string>>
  readonly def: ConfigDef
  /** Replaces variables, before the check. */
  resolve(props: Record<string, string>): Promise<Record<string, string>>
  /** What else there is to warn of. */
  notes?(props: Readonly<Record<string, string>>): readonly SettingNote[]
}

/**
 * Reads the property file of a worker, puts overrides on top, and checks it all.
 *
 * Throws `HR_CONFIG_INVALID` with a line for each fault: file, line, key, what was found and what was expected.
 */
export async function loadWorkerProperties(path: string, options: LoadOptions): Promise<LoadedProperties> {
  const { overrides, def, resolve, notes } = options
  const entries = parseProperties(await readText(path), basename(path))
  const written = Object.fromEntries(entries.map(({ key, value }) => [key, value]))
  const props = await resolve({ ...written, ...overrides })
  const place = (note: SettingNote) => `${where(path, entries, overrides, note.key)}${note.key}: ${note.text}`
  const faults = [...(await checkSettings(def, props)), ...refusedSettings(props)]
  const unknown = unknownSettings(def, Object.keys(props))
  if (faults.length > 0) {
    const lines = [...faults, ...unknown].map((note) => `  ${place(note)}`)
    const text = `The worker cannot start with these settings:\n${lines.join('\n')}`
    throw new ConnectError('HR_CONFIG_INVALID', text, { configKey: faults[0]?.key ?? '' })
  }
  const warnings = [...unknown, ...settingsWithoutEffect(props), ...(notes?.(props) ?? [])]
  return { props, warnings: warnings.map(place) }
}

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
