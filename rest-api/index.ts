export { createPeers } from './cluster/peer-client.ts'
export { parseListener, RestListeners } from './http/listeners.ts'
export { createRestApi } from './server.ts'
