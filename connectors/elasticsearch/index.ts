export { opensearchSink } from './opensearch/connector.ts'
export { elasticsearchSink } from './sink-connector.ts'
