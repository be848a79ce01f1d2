export { openServer } from './open-server.ts'
export type { AwsKeys, Login, Product, ProxySettings, ServerSettings } from './settings.ts'
