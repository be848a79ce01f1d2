export { clientTls, secureContext } from './secure-context.ts'
export type { SslConfig } from './ssl-config.ts'
