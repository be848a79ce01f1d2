import type { ConfigDef, ConfigFault, TaskProps } from '../../../api/index.ts'
import { settingText } from '../../../java/index.ts'
import { compileRegexList, regexListFault } from './regex-list.ts'
import { invalid } from './settings/rules.ts'

/** A post processor that reads columns again whose value an event does not have. */
export interface ReselectSettings {
  /** `column` is matched as `schema.table:column`. */
  selects(table: string, column: string): boolean
  readonly unavailableValues: boolean
  readonly nullValues: boolean
  /** Whether rows are found by the key of the record instead of the primary key. */
  readonly useEventKey: boolean
  readonly onError: 'warn' | 'fail'
}

const RESELECT = 'io.debezium.processors.reselect.ReselectColumnsPostProcessor'
const LISTS = ['reselect.columns.include.list', 'reselect.columns.exclude.list'] as const
const FLAGS = ['reselect.unavailable.values', 'reselect.null.values', 'reselect.use.event.key'] as const
const ON_ERROR = 'reselect.error.handling.mode'

/**
 * The post processors of `post.processors`, in order. Throws `HR_CONFIG_INVALID` for an invalid regular expression.
 *
 * Source: ReselectColumnsPostProcessor.
 */
export function reselectSettings(props: TaskProps): readonly ReselectSettings[] {
  return processors(props).map((prefix) => {
    const list = (name: (typeof LISTS)[number]) => {
      const text = settingText(props, prefix + name) ?? ''
      return text === '' ? undefined : compileRegexList(prefix + name, text)
    }
    const [included, excluded] = [list(LISTS[0]), list(LISTS[1])]
    const flag = (name: (typeof FLAGS)[number], byDefault: boolean) => {
      const text = settingText(props, prefix + name)
      return text === undefined ? byDefault : text.toLowerCase() === 'true'
    }
    const matches = included ?? ((text: string) => excluded?.(text) !== true)
    return {
      selects: (table, column) => matches(`${table}:${column}`),
      unavailableValues: flag('reselect.unavailable.values', true),
      nullValues: flag('reselect.null.values', true),
      useEventKey: flag('reselect.use.event.key', false),
      onError: settingText(props, prefix + ON_ERROR)?.toLowerCase() === 'fail' ? 'fail' : 'warn',
    }
  })
}

/** Why post processors cannot be used: other types, or invalid settings. */
export function postProcessorFaults(props: TaskProps): readonly ConfigFault[] {
  return processors(props).flatMap((prefix) => {
    const type = settingText(props, `${prefix}type`)
    if (type !== RESELECT) {
      const found = type === undefined ? `${prefix}type is not set` : `${type} is not supported`
      return [
        { key: 'post.processors', message: invalid('post.processors', `${found}, expected ${RESELECT}`) },
      ]
    }
    return [...listFaults(props, prefix), ...valueFaults(props, prefix)]
  })
}

/** Definitions of the settings of all post processors. Their values are checked by {@link postProcessorFaults}. */
export function reselectDefinitions(props: TaskProps): ConfigDef {
  const keys = processors(props).flatMap((prefix) =>
    Object.entries(docs).map(([name, doc]) => [prefix + name, doc] as const),
  )
  const setting = { type: 'string', default: null, importance: 'low', extension: true } as const
  return Object.fromEntries(keys.map(([key, doc]) => [key, { ...setting, doc }]))
}

const docs: Readonly<Record<string, string>> = {
  'type': `Class of the post processor: ${RESELECT}.`,
  'reselect.columns.include.list':
    'Regular expressions of the columns to read again, separated by commas; all by default. Matched against schema.table:column.',
  'reselect.columns.exclude.list':
    'Regular expressions of the columns not to read again, separated by commas.',
  'reselect.unavailable.values': 'Whether to read columns again whose value the server did not send.',
  'reselect.null.values': 'Whether to read columns again that are null.',
  'reselect.use.event.key': 'Whether to find the row by the key of the record instead of the primary key.',
  'reselect.error.handling.mode': 'What to do if the row cannot be read: warn, or fail the task.',
}

/** The prefixes of the settings of each post processor; an older form lacks the first part. */
function processors(props: TaskProps): readonly string[] {
  const names = (settingText(props, 'post.processors') ?? '').split(',').map((name) => name.trim())
  return names
    .filter((name) => name !== '')
    .map((name) => {
      const prefix = `post.processors.${name}.`
      return Object.keys(props).some((key) => key.startsWith(prefix)) ? prefix : `${name}.`
    })
}

function listFaults(props: TaskProps, prefix: string): readonly ConfigFault[] {
  return LISTS.flatMap((name) => {
    const key = prefix + name
    const message = regexListFault(key, settingText(props, key) ?? '')
    return message === undefined ? [] : [{ key, message }]
  })
}

function valueFaults(props: TaskProps, prefix: string): readonly ConfigFault[] {
  const allowed = [
    ...FLAGS.map((name) => [name, /^(?:true|false)$/i, "Either 'true' or 'false' is expected"] as const),
    [ON_ERROR, /^(?:warn|fail)$/i, 'Value must be one of warn, fail'] as const,
  ]
  return allowed.flatMap(([name, pattern, reason]) => {
    const key = prefix + name
    const text = settingText(props, key)
    return text === undefined || pattern.test(text) ? [] : [{ key, message: invalid(key, reason) }]
  })
}
