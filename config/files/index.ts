export { loadConnectorFile, loadWorkerProperties } from './load.ts'
export type { ConnectorFile, LoadedProperties } from './load.ts'
export { parseProperties } from './properties.ts'
export type { PropertyEntry } from './properties.ts'
