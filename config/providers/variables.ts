import { ConnectError, messageOf, type ConfigProviderInstance, type Props } from '../../api/index.ts'

/** Source: ConfigTransformer.DEFAULT_PATTERN: `${provider:key}` or `${provider:path:key}`. */
const VARIABLE = /\$\{([^}]*?):(([^}]*?):)?([^}]*?)\}/g

interface Variable {
  readonly provider: string
  readonly path: string
  readonly key: string
}

export interface ResolvedProps<P extends Props> {
  readonly props: P
  /** The shortest time to live of a value, in milliseconds; undefined when no value expires. */
  readonly ttlMs: number | undefined
}

/** Whether a string contains a config provider variable. */
export function hasVariables(text: string): boolean {
  return text.search(VARIABLE) >= 0
}

/** Returns the variables of a text that were not resolved. */
export function unresolvedVariables(text: string, resolved: string): string[] {
  return Array.from(text.matchAll(VARIABLE), ([whole]) => whole).filter((whole) => resolved.includes(whole))
}

/**
 * Replaces variables with the values of their config providers. Keeps a variable whose provider or key is unknown.
 *
 * Throws `HR_CONNECT` when a provider fails; the message names the provider and path, never a value (invariant 8).
 * Source: ConfigTransformer (KIP-297).
 */
export async function resolveVariables<P extends Props>(
  props: P,
  providers: ReadonlyMap<string, ConfigProviderInstance>,
): Promise<ResolvedProps<P>> {
  const wanted = new Map<string, { provider: string; path: string; keys: Set<string> }>()
  for (const value of Object.values(props)) {
    for (const { provider, path, key } of variablesIn(value)) {
      const place = `${provider}:${path}`
      const entry = wanted.get(place) ?? { provider, path, keys: new Set<string>() }
      wanted.set(place, entry)
      entry.keys.add(key)
    }
  }
  const found = new Map<string, Readonly<Record<string, string>>>()
  let ttlMs: number | undefined
  for (const [place, { provider, path, keys }] of wanted) {
    const instance = providers.get(provider)
    if (instance === undefined) continue
    const result = await ask(instance, provider, path, keys)
    found.set(place, result.data)
    if (result.ttlMs !== undefined) ttlMs = Math.min(ttlMs ?? Infinity, result.ttlMs)
  }
  const resolve = (value: string | null) =>
    value === null
      ? null
      : value.replace(
          VARIABLE,
          (whole, provider: string, _pathPart, path: string | undefined, key: string) => {
            const data = found.get(`${provider}:${path ?? ''}`)
            return data !== undefined && Object.hasOwn(data, key) ? (data[key] ?? whole) : whole
          },
        )
  const resolved = Object.fromEntries(Object.entries(props).map(([key, value]) => [key, resolve(value)]))
  return { props: resolved as P, ttlMs }
}

function variablesIn(value: string | null): Variable[] {
  return [...(value ?? '').matchAll(VARIABLE)].map(([, provider = '', , path = '', key = '']) => ({
    provider,
    path,
    key,
  }))
}

async function ask(
  instance: ConfigProviderInstance,
  provider: string,
  path: string,
  keys: ReadonlySet<string>,
) {
  try {
    return await instance.get(path, keys)
  } catch (cause) {
    const reason = messageOf(cause)
    const message = reason.includes(path)
      ? reason
      : `Config provider ${provider} failed on path '${path}': ${reason}`
    const javaClass = 'org.apache.kafka.common.config.ConfigException'
    throw new ConnectError('HR_CONNECT', message, { cause, javaClass })
  }
}
