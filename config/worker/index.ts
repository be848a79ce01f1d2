import type { ConfigDef, Infer, Props } from '../../api/index.ts'
import { parseConfig } from '../definition/index.ts'
import { commonWorkerConfig, headraceWorkerConfig } from './every-worker.ts'
import { distributedConfig, standaloneConfig } from './distributed.ts'
import { restConfig } from './rest.ts'

export { exactlyOnceMode } from './exactly-once.ts'
export { unknownSettings } from './known-keys.ts'
export { refusedSettings, settingsWithoutEffect } from './notes.ts'
export type { SettingNote, WorkerClientSettings } from './notes.ts'

export const distributedWorkerConfig = {
  ...commonWorkerConfig,
  ...restConfig,
  ...distributedConfig,
  ...headraceWorkerConfig,
} satisfies ConfigDef

export const standaloneWorkerConfig = {
  ...commonWorkerConfig,
  ...restConfig,
  ...standaloneConfig,
  ...headraceWorkerConfig,
} satisfies ConfigDef

export type DistributedWorkerConfig = Infer<typeof distributedWorkerConfig>
export type StandaloneWorkerConfig = Infer<typeof standaloneWorkerConfig>

/** Settings that distributed and standalone workers have in common. */
export type WorkerConfig = Infer<typeof commonWorkerConfig & typeof restConfig & typeof headraceWorkerConfig>

/** Throws `HR_CONFIG_INVALID` for the first invalid setting. */
export function parseDistributedConfig(props: Props): DistributedWorkerConfig {
  return parseConfig(distributedWorkerConfig, props)
}

/** Throws `HR_CONFIG_INVALID` for the first invalid setting. */
export function parseStandaloneConfig(props: Props): StandaloneWorkerConfig {
  return parseConfig(standaloneWorkerConfig, props)
}

/** Returns the number of bytes of a size such as `512m`. */
export function parseByteSize(text: string): number {
  const [, digits = '0', unit = ''] = /^\s*(\d+)([kmg]?)\s*$/i.exec(text) ?? []
  return Number(digits) * 1024 ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase())
}
