import type { Props } from '../../api/index.ts'

/** An error or warning about a setting of a worker. */
export interface SettingNote {
  readonly key: string
  /** The value found and what was expected, or the reason for the warning. */
  readonly text: string
}

const EXACTLY_ONCE = 'exactly.once.source.support'
const SIGNATURE = 'inter.worker.signature.algorithm'
const VERIFICATION = 'inter.worker.verification.algorithms'

/**
 * Returns an error for each valid setting that the worker cannot honour: it must not start and behave differently.
 *
 * Differs: rejects `exactly.once.source.support=enabled`.
 */
export function refusedSettings(props: Props): SettingNote[] {
  const notes: SettingNote[] = []
  if (textOf(props, EXACTLY_ONCE).toLowerCase() === 'enabled') {
    const text = `found 'enabled', expected disabled: source tasks deliver at least once; exactly-once delivery is not supported yet`
    notes.push({ key: EXACTLY_ONCE, text })
  }
  const verified = textOf(props, VERIFICATION, 'HmacSHA256').split(/\s*,\s*/)
  const signature = textOf(props, SIGNATURE, 'HmacSHA256')
  if (!verified.includes(signature)) {
    const text = `found '${signature}', expected one of ${VERIFICATION} (${verified.join(', ')})`
    notes.push({ key: SIGNATURE, text })
  }
  return notes
}

const alwaysFound = 'plugins are always discovered through their manifests'
const noReporters = 'metrics reporters are Java classes'
const socketBuffers = 'the operating system sizes socket buffers'
const recovery = 'clients always fall back to bootstrap.servers when no known broker responds'
const javaTls = 'specific to the TLS implementation of Java'
const otherLogins = 'only PLAIN and SCRAM are supported, with the user name and password of sasl.jaas.config'
const internalFormat = 'the format of internal topics is fixed, as in Kafka Connect since 3.0'

/** Settings of the Java worker that have no effect in Headrace, with the reason. */
const withoutEffect: readonly (readonly [RegExp, string])[] = [
  [/^plugin\.discovery$/, alwaysFound],
  [/^metric\.reporters$|^auto\.include\.jmx\.reporter$|^metrics\.context\./, noReporters],
  [/^metrics\.(sample\.window\.ms|num\.samples)$/, 'metrics are counters; monitoring systems compute rates'],
  [/^metrics\.recording\.level$/, 'all metrics are always recorded'],
  [/^(send|receive)\.buffer\.bytes$/, socketBuffers],
  [/^connections\.max\.idle\.ms$/, 'idle connections stay open until the broker closes them'],
  [/^socket\.connection\.setup\.timeout\.max\.ms$/, 'the connection timeout does not grow'],
  [/^metadata\.recovery\./, recovery],
  [/^client\.dns\.lookup$/, 'all addresses of a broker are tried'],
  [/^ssl\.protocol$/, 'ssl.enabled.protocols selects the versions'],
  [/^ssl\.(provider|(key|trust)manager\.algorithm|secure\.random\.implementation|engine\..*)$/, javaTls],
  [/^sasl\.(?!mechanism$|jaas\.config$)/, otherLogins],
  [/^internal\.(key|value)\.converter/, internalFormat],
]

/** Returns a warning for each setting of Kafka Connect that has no effect in Headrace. */
export function settingsWithoutEffect(props: Props): SettingNote[] {
  const notes = Object.keys(props).flatMap((key) => {
    const reason = withoutEffect.find(([pattern]) => pattern.test(key))?.[1]
    return reason === undefined ? [] : [{ key, text: `no effect: ${reason}` }]
  })
  if (textOf(props, EXACTLY_ONCE).toLowerCase() === 'preparing') {
    notes.push({
      key: EXACTLY_ONCE,
      text: `'preparing' behaves like 'disabled'; 'enabled' is not supported yet`,
    })
  }
  return notes
}

const textOf = (props: Props, key: string, fallback = ''): string => props[key]?.trim() ?? fallback
