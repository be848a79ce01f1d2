import type { Plugin } from '../api/index.ts'
import { elasticsearchSink, opensearchSink } from './elasticsearch/index.ts'
import { fileSink, fileSource } from './file/index.ts'
import { postgresSource } from './postgres/index.ts'
import { aivenS3Sink, aivenS3Source, s3Sink, s3Source } from './s3/index.ts'

/** The built-in connectors, packaged like any other plugin. */
export const connectors: Plugin = {
  connectors: [
    fileSource,
    fileSink,
    postgresSource,
    s3Sink,
    aivenS3Sink,
    s3Source,
    aivenS3Source,
    elasticsearchSink,
    opensearchSink,
  ],
}
