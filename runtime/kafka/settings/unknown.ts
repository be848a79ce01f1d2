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

/** Settings of Kafka's Java clients that have no meaning here: they are accepted without a word. */
const withoutMeaning = /^(metrics\.|metric\.reporters|(key|value)\.(de)?serializer$|client\.dns\.lookup$)/

/** Settings that a client of ours does not have, each with what may have been meant. */
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

/** Warns of settings without effect, each with what may have been meant. */
export function warnOfUnknown(kind: ClientKind, props: Props, log: Logger): void {
  for (const { key, text } of unknownClientSettings(kind, Object.keys(props))) {
    log.warn(`the ${kind} setting ${key} has ${text}`, { setting: key })
  }
}

/** Whether a setting of a worker's top level means something to its own clients. */
export function isClientSetting(key: string): boolean {
  return known.admin.has(key)
}
