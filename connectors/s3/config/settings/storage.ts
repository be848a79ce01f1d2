import { defineConfig } from '../../../../api/index.ts'
import { inGroup, recommends, text } from '../../../shared/setting-rules.ts'
import { STORAGE_CLASS } from './classes.ts'
import { classAmong } from './rules.ts'

function storageInstead(name: string): string | undefined {
  const other = /hdfs|gcs|azure|blob/i.exec(name)?.[0]
  return other === undefined
    ? undefined
    : `this connector stores objects only with the S3 protocol, not ${other}`
}

/** Names of objects and the address of the storage. Source: StorageCommonConfig. */
export const storageSettings = inGroup(
  'Storage',
  defineConfig({
    'storage.class': {
      ...classAmong([STORAGE_CLASS], storageInstead),
      ...recommends(STORAGE_CLASS),
      importance: 'high',
      displayName: 'Storage Class',
      doc: 'Kind of storage.',
    },
    'topics.dir': {
      ...text,
      default: 'topics',
      importance: 'high',
      displayName: 'Topics directory',
      doc: 'First directory of the names of objects. If empty, they begin with the topic.',
    },
    'store.url': {
      ...text,
      default: null,
      importance: 'high',
      displayName: 'Store URL',
      examples: ['https://s3.example.com:9000'],
      doc: 'URL of a storage that is compatible with S3. Default: that of AWS in the region s3.region.',
    },
    'directory.delim': {
      ...text,
      default: '/',
      importance: 'medium',
      width: 'long',
      displayName: 'Directory Delimiter',
      doc: 'Text between the directories in names of objects.',
    },
    'file.delim': {
      ...text,
      default: '+',
      importance: 'medium',
      width: 'long',
      displayName: 'File Delimiter',
      doc: 'Text between topic, partition and offset in names of objects.',
    },
  }),
)
