/** A rule for the parts of a response that match a path: dot-separated, `*` for one level, `**` for any. */
export interface MaskRule {
  readonly path: string
  readonly op:
    | 'present'
    | 'type'
    | 'exClass'
    | 'firstLine'
    | 'sub'
    | 'sort'
    | 'own'
    | 'apacheOnly'
    | 'pick'
    | 'byName'
    | 'pluginVersion'
  readonly re?: RegExp
  readonly to?: string
  /** Path of the sort key. */
  readonly by?: string
  readonly keys?: readonly string[]
  readonly names?: readonly string[]
}

/** Replaces any non-empty value with a placeholder. */
export const present = (path: string): MaskRule => ({ path, op: 'present' })
/** Replaces a value with its type. */
export const type = (path: string): MaskRule => ({ path, op: 'type' })
/** Replaces a stack trace with the class in its first line. */
export const exClass = (path: string): MaskRule => ({ path, op: 'exClass' })
export const firstLine = (path: string): MaskRule => ({ path, op: 'firstLine' })
export const sub = (path: string, re: RegExp, to: string): MaskRule => ({ path, op: 'sub', re, to })
/** Keeps only items with the prefix of this run. */
export const own = (path = ''): MaskRule => ({ path, op: 'own' })
/** Keeps only classes of Apache Kafka, sorted. */
export const apacheOnly = (path: string): MaskRule => ({ path, op: 'apacheOnly' })
/** Keeps only these keys of an object. */
export const pick = (path: string, keys: readonly string[]): MaskRule => ({ path, op: 'pick', keys })
/** Keeps only the settings with these names. */
export const byName = (path: string, names: readonly string[]): MaskRule => ({ path, op: 'byName', names })

/** Differences between workers that do not matter to clients. */
export const STD: readonly MaskRule[] = [
  present('**.worker_id'),
  exClass('**.trace'),
  present('**.documentation'),
  present('**.version'),
  present('**.commit'),
  present('**.kafka_cluster_id'),
  type('**.last_modified'),
  // The map in this message has no defined order if it has several entries
  sub('message', /(Connector config )\{[\s\S]*, [\s\S]*\}( contains no connector type)/, '$1{…}$2'),
]

const jackson =
  /^(Cannot deserialize value|Unrecognized field "[^"]*"|Cannot construct instance|Cannot coerce)[\s\S]*$/

/** Keeps only the first words of an error of Java's JSON library. */
export const JACKSON: readonly MaskRule[] = [sub('message', jackson, '$1…')]
/** Compares only whether there is a message. */
export const ANYMSG: readonly MaskRule[] = [present('message')]

/** Removes the list of known classes from the error for an unknown class. */
export const AVAILABLE = sub(
  'message',
  /(?:org\.apache\.kafka\.connect\.errors\.ConnectException: )?(Failed to find any class[\s\S]*available connectors are: )[\s\S]*$/,
  '$1…',
)
export const PLUGVER: MaskRule = { path: '', op: 'pluginVersion' }

/** For validation responses. */
export const INFOS: readonly MaskRule[] = [
  ...STD,
  apacheOnly('configs.*.value.recommended_values'),
  PLUGVER,
  sub('configs.*.value.errors.*', /(Invalid regex: |Syntax error in regular expression: )[\s\S]*/, '$1…'),
  sub('configs.*.value.errors.*', /(must be one of \(case insensitive\): ).*/, '$1…'),
]
/** Keeps only these settings of a validation response. */
export const only = (...names: string[]): MaskRule[] => [byName('configs', names)]
