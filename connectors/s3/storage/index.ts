export { credentialsClass } from './credentials/provider-classes.ts'
export type { ProvidedBy } from './credentials/provider-classes.ts'
export { factsOf } from './errors/failures.ts'
export type { FailureFacts } from './errors/failures.ts'
export type {
  BucketAction,
  BucketEncryption,
  BucketHead,
  BucketInspection,
  ObjectLock,
  ObjectOwnership,
  Permission,
  Storage,
} from './ports.ts'
export { openStorage } from './storage.ts'
export { MAX_PART_SIZE, MIN_PART_SIZE } from './settings.ts'
export type {
  AssumedRole,
  CredentialsChoice,
  Encryption,
  ProxySettings,
  StorageSettings,
  TaggingSettings,
} from './settings.ts'
