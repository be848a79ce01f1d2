import { isClientSetting } from './unknown.ts'

type Settings = Readonly<Record<string, string>>

/** Returns the settings of the worker's own clients: its top-level settings that are client settings. */
export function workerClientProps(worker: Settings, clientId: string): Settings {
  const own = Object.entries(worker).filter(([key]) => isClientSetting(key))
  return { ...Object.fromEntries(own), 'client.id': clientId }
}
