export { parseListener, RestListeners } from './listeners.ts'
export { createRestApi } from './server.ts'
