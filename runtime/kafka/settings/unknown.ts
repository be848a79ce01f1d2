import type { Logger, Props } from '../../../api/index.ts'
import { nearest } from '../../../config/index.ts'
import { clientTables, type ClientKind, type ClientSetting } from './table/index.ts'

/** Names of the settings of a client with the given effect. */
const namesOf = (kind: ClientKind, ignored: ClientSetting['ignored']): string[] =>
  Object.entries(clientTables[kind]).flatMap(([name, setting]) => (setting.ignored === ignored ? [name] : []))

const effective: Readonly<Record<ClientKind, ReadonlySet<string>>> = {
  producer: new Set(namesOf('producer', undefined)),
  consumer: new Set(namesOf('consumer', undefined)),
  admin: new Set(namesOf('admin', undefined)),
}

/** Properties are often shared between clients, so these settings may be set for any of them. */
const inapplicable = new Set(
  (['producer', 'consumer', 'admin'] as const).flatMap((kind) => namesOf(kind, 'inapplicable')),
)

/** Besides the inapplicable settings, there are those of plugins that report metrics. */
const isInapplicable = (key: string): boolean => inapplicable.has(key) || key.startsWith('metrics.')

/** Returns the settings that a client does not support, with suggestions. */
export function unknownClientSettings(
  kind: ClientKind,
  keys: Iterable<string>,
): { readonly key: string; readonly text: string }[] {
  return [...keys]
    .filter((key) => !effective[kind].has(key) && !isInapplicable(key))
    .map((key) => {
      const meant = nearest(key, effective[kind])
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
  return effective.admin.has(key)
}
