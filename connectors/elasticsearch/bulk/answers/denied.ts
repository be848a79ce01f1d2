import { ConnectError } from '../../../../api/index.ts'
import { textOf, type ServerError } from './server-error.ts'

/** Returns the error of a request that the server does not allow: it fails the task at once. */
export function deniedError(status: number, error: ServerError): ConnectError {
  const what =
    status === 401
      ? 'the server does not accept the credentials of the connector'
      : 'the server does not allow the connector to write'
  return new ConnectError('HR_CONNECT', `${what}: it responded with ${status}, ${textOf(error)}`)
}
