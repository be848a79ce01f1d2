import type { Props } from '../../api/index.ts'

/** What there is to say of a setting of a worker. */
export interface SettingNote {
  readonly key: string
  /** What was found, and what was expected or comes of it. */
  readonly text: string
}

const EXACTLY_ONCE = 'exactly.once.source.support'
const SIGNATURE = 'inter.worker.signature.algorithm'
const VERIFICATION = 'inter.worker.verification.algorithms'

/**
 * Settings that cannot be followed although their form is right: better no worker than one that does otherwise.
 *
 * Differs: `exactly.once.source.support=enabled` is among them.
 */
export function refusedSettings(props: Props): SettingNote[] {
  const notes: SettingNote[] = []
  if (textOf(props, EXACTLY_ONCE).toLowerCase() === 'enabled') {
    const text = `found 'enabled', expected disabled: source tasks cannot write exactly once yet; they write at least once`
    notes.push({ key: EXACTLY_ONCE, text })
  }
  const verified = textOf(props, VERIFICATION, 'HmacSHA256').split(/\s*,\s*/)
  const signature = textOf(props, SIGNATURE, 'HmacSHA256')
  if (!verified.includes(signature)) {
    const text = `found '${signature}', expected one of those of ${VERIFICATION}: ${verified.join(', ')}`
    notes.push({ key: SIGNATURE, text })
  }
  return notes
}

const alwaysFound = 'plugins are always found by their manifests'
const noReporters = 'metrics reporters are Java classes'
const socketBuffers = 'the operating system chooses the sizes of socket buffers'
const recovery = 'bootstrap.servers are always asked when no known broker answers'
const javaTls = 'it belongs to the TLS of Java'
const otherLogins = 'logins are by PLAIN and SCRAM, with the user name and password of sasl.jaas.config'
const internalFormat = 'the format of internal topics is fixed, as in Kafka Connect since 3.0'

/** Settings of the Java worker that change nothing here, each with the reason. */
const withoutEffect: readonly (readonly [RegExp, string])[] = [
  [/^plugin\.discovery$/, alwaysFound],
  [/^metric\.reporters$|^auto\.include\.jmx\.reporter$|^metrics\.context\./, noReporters],
  [/^metrics\.(sample\.window\.ms|num\.samples)$/, 'metrics are counters; who reads them makes rates'],
  [/^metrics\.recording\.level$/, 'all metrics are always recorded'],
  [/^(send|receive)\.buffer\.bytes$/, socketBuffers],
  [/^connections\.max\.idle\.ms$/, 'idle connections are kept until the broker closes them'],
  [/^socket\.connection\.setup\.timeout\.max\.ms$/, 'the wait for a connection does not grow'],
  [/^metadata\.recovery\./, recovery],
  [/^client\.dns\.lookup$/, 'all addresses of a broker are tried'],
  [/^ssl\.protocol$/, 'ssl.enabled.protocols says which versions are used'],
  [/^ssl\.(provider|(key|trust)manager\.algorithm|secure\.random\.implementation|engine\..*)$/, javaTls],
  [/^sasl\.(?!mechanism$|jaas\.config$)/, otherLogins],
  [/^internal\.(key|value)\.converter/, internalFormat],
]

/** Settings that change nothing although Kafka Connect has them. */
export function settingsWithoutEffect(props: Props): SettingNote[] {
  const notes = Object.keys(props).flatMap((key) => {
    const reason = withoutEffect.find(([pattern]) => pattern.test(key))?.[1]
    return reason === undefined ? [] : [{ key, text: `no effect: ${reason}` }]
  })
  if (textOf(props, EXACTLY_ONCE).toLowerCase() === 'preparing') {
    notes.push({ key: EXACTLY_ONCE, text: `'preparing' does what disabled does: there is no 'enabled' yet` })
  }
  return notes
}

const textOf = (props: Props, key: string, fallback = ''): string => props[key]?.trim() ?? fallback
