import type { ServerRequest, ServerResponse } from '../../ports.ts'

/** Sends requests to one host. Rejects with what went wrong, unexplained. */
export type HostClient = (request: ServerRequest, signal: AbortSignal) => Promise<ServerResponse>

/** Whether the body of a request consists of lines of JSON. */
export const isBulk = ({ path }: ServerRequest): boolean => /(?:^|\/)_bulk$/.test(path)
