/** What to do with the parts of an answer that a path reaches: dot-separated, `*` for one level, `**` for any. */
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
  /** Path of the key to sort by. */
  readonly by?: string
  readonly keys?: readonly string[]
  readonly names?: readonly string[]
}

/** Any value that says something. */
export const present = (path: string): MaskRule => ({ path, op: 'present' })
/** Of a value only its type. */
export const type = (path: string): MaskRule => ({ path, op: 'type' })
/** Of a stack trace the class in its first line. */
export const exClass = (path: string): MaskRule => ({ path, op: 'exClass' })
export const firstLine = (path: string): MaskRule => ({ path, op: 'firstLine' })
export const sub = (path: string, re: RegExp, to: string): MaskRule => ({ path, op: 'sub', re, to })
/** Only what has the prefix of this run. */
export const own = (path = ''): MaskRule => ({ path, op: 'own' })
/** Only classes of Apache Kafka, sorted. */
export const apacheOnly = (path: string): MaskRule => ({ path, op: 'apacheOnly' })
/** Only these keys of an object. */
export const pick = (path: string, keys: readonly string[]): MaskRule => ({ path, op: 'pick', keys })
/** Only the settings of these names. */
export const byName = (path: string, names: readonly string[]): MaskRule => ({ path, op: 'byName', names })

/** What differs between workers without a difference for clients. */
export const STD: readonly MaskRule[] = [
  present('**.worker_id'),
  exClass('**.trace'),
  present('**.documentation'),
  present('**.version'),
  present('**.commit'),
  present('**.kafka_cluster_id'),
  type('**.last_modified'),
  // The map in this message has no order when it has more than one entry
  sub('message', /(Connector config )\{[\s\S]*, [\s\S]*\}( contains no connector type)/, '$1{…}$2'),
]

const jackson =
  /^(Cannot deserialize value|Unrecognized field "[^"]*"|Cannot construct instance|Cannot coerce)[\s\S]*$/

/** Of an error of Java's JSON library its first words. */
export const JACKSON: readonly MaskRule[] = [sub('message', jackson, '$1…')]
/** Only that there is a message. */
export const ANYMSG: readonly MaskRule[] = [present('message')]

/** A class that is not known: the list of classes that are, is cut. */
export const AVAILABLE = sub(
  'message',
  /(?:org\.apache\.kafka\.connect\.errors\.ConnectException: )?(Failed to find any class[\s\S]*available connectors are: )[\s\S]*$/,
  '$1…',
)
export const PLUGVER: MaskRule = { path: '', op: 'pluginVersion' }

/** For answers of validations. */
export const INFOS: readonly MaskRule[] = [
  ...STD,
  apacheOnly('configs.*.value.recommended_values'),
  PLUGVER,
  sub('configs.*.value.errors.*', /(Invalid regex: |Syntax error in regular expression: )[\s\S]*/, '$1…'),
  sub('configs.*.value.errors.*', /(must be one of \(case insensitive\): ).*/, '$1…'),
]
/** Of a validation only these settings. */
export const only = (...names: string[]): MaskRule[] => [byName('configs', names)]
