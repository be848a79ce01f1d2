import { Type } from 'typebox'

export const ServerInfo = Type.Object({
  version: Type.String(),
  commit: Type.String(),
  kafka_cluster_id: Type.Union([Type.String(), Type.Null()]),
})

export const WorkerHealth = Type.Object({
  status: Type.Enum(['healthy', 'starting', 'unhealthy']),
  message: Type.String(),
})

/** The body of all error responses. Source: ErrorMessage. */
export const ErrorMessage = Type.Object({
  error_code: Type.Integer(),
  message: Type.Union([Type.String(), Type.Null()]),
})
