export { startS3Proxy } from './s3-proxy.ts'
export type { S3Fault, S3Proxy } from './s3-proxy.ts'
export { startProxy } from './tcp-proxy.ts'
export type { Proxy } from './tcp-proxy.ts'
