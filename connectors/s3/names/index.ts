export { objectKeys } from './object-key.ts'
export type { ObjectNameOptions } from './object-key.ts'
export { parseObjectKey } from './parse-object-key.ts'
