export { aivenS3Sink } from './aiven/connector.ts'
export { s3Sink } from './sink-connector.ts'
export { s3Source } from './source-connector.ts'
export { aivenS3Source } from './source/aiven/connector.ts'
