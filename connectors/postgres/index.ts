export { postgresSource } from './source.ts'
