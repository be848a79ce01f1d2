import type { Props } from '../../api/index.ts'

/** An error or warning about a setting of a worker. */
export interface SettingNote {
  readonly key: string
  /** The value found and what was expected, or the reason for the warning. */
  readonly text: string
}

const SIGNATURE = 'inter.worker.signature.algorithm'
const VERIFICATION = 'inter.worker.verification.algorithms'

/**
 * Returns an error for each valid setting that the worker cannot honour, because it must not start with different
 * behaviour.
 */
export function refusedSettings(props: Props): SettingNote[] {
  const notes: SettingNote[] = []
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
const internalFormat = 'the format of internal topics is fixed, as in Kafka Connect since 3.0'

/** Settings of the Java worker that have no effect in Headrace, with the reason. */
const withoutEffect: readonly (readonly [RegExp, string])[] = [
  [/^plugin\.discovery$/, alwaysFound],
  [/^metric\.reporters$|^auto\.include\.jmx\.reporter$|^metrics\.context\./, noReporters],
  [/^metrics\.(sample\.window\.ms|num\.samples)$/, 'metrics are counters; monitoring systems compute rates'],
  [/^metrics\.recording\.level$/, 'all metrics are always recorded'],
  [/^internal\.(key|value)\.converter/, internalFormat],
]

/** The effect of a worker's top-level settings on its Kafka clients. */
export interface WorkerClientSettings {
  /** Names of all client settings, whether or not they have an effect. */
  readonly names: readonly string[]
  /** Returns why a client setting has no effect; undefined for settings that have an effect, and for others. */
  reasonWithoutEffect(key: string): string | undefined
}

/** Returns a warning for each setting of Kafka Connect that has no effect in Headrace. */
export function settingsWithoutEffect(props: Props, clients?: WorkerClientSettings): SettingNote[] {
  return Object.keys(props).flatMap((key) => {
    const own = withoutEffect.find(([pattern]) => pattern.test(key))?.[1]
    const reason = own ?? clients?.reasonWithoutEffect(key)
    return reason === undefined ? [] : [{ key, text: `no effect: ${reason}` }]
  })
}

const textOf = (props: Props, key: string, fallback = ''): string => props[key]?.trim() ?? fallback
