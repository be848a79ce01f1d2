import type { ConfigDef, ConfigKey, TaskProps } from '../../../api/index.ts'
import { overriddenTables } from './capture-rules.ts'
import { changeSettingsOf } from './column-rules.ts'
import { reselectDefinitions } from './reselect.ts'

const setting = { default: null, importance: 'medium', extension: true } as const

/**
 * Definitions of the settings whose names contain a number, a table or another name, as far as `props` use them. The code
 * that reads them also validates them.
 */
export function dynamicSettings(props: TaskProps): ConfigDef {
  const changes = changeSettingsOf(props).map(({ key, change }) => [
    key,
    { ...setting, type: 'string', doc: changeDocs[change.kind] },
  ])
  const statements = overriddenTables(props).map((table) => [
    `snapshot.select.statement.overrides.${table}`,
    { ...setting, type: 'string', doc: `SELECT statement for snapshots of ${table}.` },
  ])
  const consumer = Object.keys(props)
    .filter((key) => key.startsWith('signal.consumer.'))
    .map((key) => [key, { ...setting, type: 'string', doc: CONSUMER }])
  return {
    ...(Object.fromEntries([...changes, ...statements, ...consumer]) as Record<string, ConfigKey<'string'>>),
    ...reselectDefinitions(props),
  }
}

const columns = 'Regular expressions of text columns, separated by commas, whose values are'
const changeDocs = {
  truncate: `${columns} cut.`,
  mask: `${columns} replaced with asterisks.`,
  hash: `${columns} replaced with a hash.`,
}

const CONSUMER =
  'Setting of the consumer of the signal topic. Without effect: the topic is read with the client settings of the worker.'
