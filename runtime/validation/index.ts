export { keyInfo } from './config-infos.ts'
export type { ConfigInfo, ConfigInfos, ConfigKeyInfo, ConfigValueInfo } from './config-infos.ts'
export { validateConnector } from './connector.ts'
