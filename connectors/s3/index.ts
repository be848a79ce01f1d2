export { aivenS3Sink } from './aiven/connector.ts'
export { s3Sink } from './sink-connector.ts'
