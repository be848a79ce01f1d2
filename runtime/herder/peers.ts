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
  /** The JSON of the answer, read; undefined when it has none. */
  readonly body: unknown
}

/** How workers talk to each other. Throws `HR_CONNECT` when another worker cannot be reached. Source: RestClient. */
export interface Peers {
  request(request: PeerRequest): Promise<PeerAnswer>
}
