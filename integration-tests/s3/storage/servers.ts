import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { s3Request } from '../../services/index.ts'

/** Starts an HTTP server until the end of the test file. Resolves to its URL. */
export async function serve(handle: RequestListener): Promise<string> {
  const server = createServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server that accepts all uploads, for what the real one does not know. */
export interface Uploads {
  readonly endpoint: string
  readonly requests: { readonly operation: string; readonly headers: IncomingHttpHeaders }[]
  /** The next request fails with the last of these. */
  readonly faults: { readonly status: number; readonly code: string }[]
}

export async function startUploads(): Promise<Uploads> {
  const requests: Uploads['requests'] = []
  const faults: Uploads['faults'] = []
  const endpoint = await serve((incoming, outgoing) => {
    const { operation } = s3Request(incoming)
    requests.push({ operation, headers: incoming.headers })
    incoming.resume()
    incoming.once('end', () => {
      const fault = faults.pop()
      outgoing.statusCode = fault?.status ?? 200
      if (fault === undefined) outgoing.setHeader('etag', '"1"')
      const result = '<Result><UploadId>1</UploadId><ETag>"1"</ETag></Result>'
      const error = `<Error><Code>${fault?.code}</Code><Message>A fault of the test.</Message></Error>`
      if (fault !== undefined) outgoing.end(error)
      else outgoing.end(operation.endsWith('MultipartUpload') ? result : '')
    })
  })
  return { endpoint, requests, faults }
}
