/** A request to the REST API of another worker. */
export interface PeerRequest {
  readonly method: string
  readonly url: string
  /** JSON. */
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface PeerAnswer {
  readonly status: number
  /** By lowercase name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The parsed JSON body of the response; undefined without a body. */
  readonly body: unknown
}

/** The signature of a request from another worker. */
export interface RequestSignature {
  /** Name of the algorithm in Java's `Mac`: `HmacSHA256`. */
  readonly algorithm: string
  readonly bytes: Buffer
  /** The signed bytes: the raw request body. */
  readonly body: Buffer
}

/** Sends requests to other workers. Throws `HR_CONNECT` when a worker is unreachable. Source: RestClient. */
export interface Peers {
  request(request: PeerRequest): Promise<PeerAnswer>
}
