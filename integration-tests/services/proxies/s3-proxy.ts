import { startFaultProxy, type FaultProxy, type HttpFault } from './fault-proxy.ts'
import { s3Request, type S3Request } from './s3-operation.ts'

/** What happens to a request. */
export type S3Fault =
  | HttpFault
  /** The server does not get it; the proxy answers with an error document. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly code: string
      readonly message?: string
      readonly headers?: Readonly<Record<string, string>>
    }

/** Passes requests on to an S3 server, and answers chosen ones otherwise. Operations are those of {@link s3Request}. */
export type S3Proxy = FaultProxy<S3Request, S3Fault>

const xml = { 'content-type': 'application/xml' }

export async function startS3Proxy(endpoint: string): Promise<S3Proxy> {
  const proxy = await startFaultProxy(endpoint, s3Request)
  return { ...proxy, fail: (operation, fault, times) => proxy.fail(operation, httpFault(fault), times) }
}

function httpFault(fault: S3Fault): HttpFault {
  if (fault.kind === 'body') return { ...fault, headers: { ...xml, ...fault.headers } }
  if (fault.kind !== 'answer') return fault
  const { status, code, message = 'A fault of the test.', headers } = fault
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<Error><Code>${code}</Code><Message>${message}</Message><RequestId>1</RequestId></Error>`
  return { kind: 'body', status, body, headers: { ...xml, ...headers } }
}
