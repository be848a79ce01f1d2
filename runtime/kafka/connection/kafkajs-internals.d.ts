/**
 * Modules of kafkajs 2.2.4 without typings. `kafkajs-types.ts` has the types. Only `connection/` may import
 * them.
 */

declare module 'kafkajs/src/network/connection.js' {
  const Connection: unknown
  export default Connection
}

declare module 'kafkajs/src/network/connectionPool.js' {
  const ConnectionPool: unknown
  export default ConnectionPool
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  const RequestQueue: unknown
  export default RequestQueue
}

declare module 'kafkajs/src/broker/index.js' {
  const Broker: unknown
  export default Broker
}

declare module 'kafkajs/src/protocol/error.js' {
  interface ErrorCode {
    readonly type: string
    readonly code: number
    readonly retriable: boolean
    readonly message: string
  }
  export const errorCodes: readonly ErrorCode[]
}
