import type { IncomingHttpHeaders } from 'node:http'

/** A request as it is sent. */
export interface HttpRequest {
  readonly method: string
  /** With the query, without the path of the URL of the host. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** Whether a request changes nothing, so that it can be sent again whatever has become of it. */
export const isRead = ({ method }: { readonly method: string }): boolean =>
  method === 'GET' || method === 'HEAD'

/** A response as it is received: its body may be compressed. */
export interface HttpResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Sends a request to one host. Rejects with an {@link HttpFailure}. */
export type Exchange = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>

/** Code of a {@link HttpFailure} whose text names the proxy. */
export const PROXY_AWAY = 'PROXY_AWAY'
/** Code of a {@link HttpFailure} whose text tells the limit. */
export const RESPONSE_TOO_LARGE = 'ERR_RESPONSE_TOO_LARGE'

/** What went wrong before a response was complete. */
export class HttpFailure extends Error {
  /** Whether the host may have received the request, so that it may have been executed. */
  readonly sent: boolean
  /** Code of the network, of TLS or of Node's parser; empty if there is none. */
  readonly code: string

  constructor(
    text: string,
    about: { readonly sent: boolean; readonly code: string; readonly cause?: unknown },
  ) {
    super(text, about.cause === undefined ? undefined : { cause: about.cause })
    this.sent = about.sent
    this.code = about.code
  }

  override get name(): string {
    return 'HttpFailure'
  }
}
