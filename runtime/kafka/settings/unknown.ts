import type { Logger, Props } from '../../../api/index.ts'
import { nearest } from '../../../config/index.ts'
import { fetchConfig } from '../fetcher/settings.ts'
import { groupConfig } from '../group/settings.ts'
import { producerConfig } from '../producer/settings.ts'
import { clientConfig, securityConfig } from './client.ts'

const shared = { ...clientConfig, ...securityConfig }

const known = {
  producer: new Set(Object.keys({ ...shared, ...producerConfig })),
  consumer: new Set(Object.keys({ ...shared, ...fetchConfig, ...groupConfig })),
  admin: new Set(Object.keys(shared)),
}

export type ClientKind = keyof typeof known

/** Settings of Kafka's Java clients that do not apply here and are ignored without a warning. */
const withoutMeaning = /^(metrics\.|metric\.reporters|(key|value)\.(de)?serializer$|client\.dns\.lookup$)/

/** Returns the settings that a client does not support, with suggestions. */
export function unknownClientSettings(
  kind: ClientKind,
  keys: Iterable<string>,
): { readonly key: string; readonly text: string }[] {
  return [...keys]
    .filter((key) => !known[kind].has(key) && !withoutMeaning.test(key))
    .map((key) => {
      const meant = nearest(key, known[kind])
      return { key, text: `no effect${meant === undefined ? '' : `; did you mean ${meant}?`}` }
    })
}

/** Logs a warning for each setting without effect, with a suggestion. */
export function warnOfUnknown(kind: ClientKind, props: Props, log: Logger): void {
  for (const { key, text } of unknownClientSettings(kind, Object.keys(props))) {
    log.warn(`the ${kind} setting ${key} has ${text}`, { setting: key })
  }
}

/** Whether a top-level worker setting applies to the worker's own clients. */
export function isClientSetting(key: string): boolean {
  return known.admin.has(key)
}
