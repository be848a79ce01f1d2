export { elasticsearchSink } from './sink-connector.ts'
