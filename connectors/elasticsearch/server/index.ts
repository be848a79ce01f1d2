export { openServer } from './open-server.ts'
export type { Login, Product, ProxySettings, ServerSettings } from './settings.ts'
