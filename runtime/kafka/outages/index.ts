export { ClientOutages } from './client-outages.ts'
export { Outages } from './outages.ts'
export type { Blocked } from './outages.ts'
