/**
 * Why something is sent again. `overload`, `outage` and `block` say nothing about the operations: they are sent again until
 * that ends. `error` and `conflict` are limited by `max.retries`.
 */
export type RetryCause = 'overload' | 'outage' | 'block' | 'error' | 'conflict'

/** Whether `max.retries` limits the attempts. */
export function isLimited(cause: RetryCause): boolean {
  return cause === 'error' || cause === 'conflict'
}

/** A block of the index or the cluster, such as that of a full disk: writing is possible once it is lifted. */
export const BLOCK = 'cluster_block_exception'
export const CONFLICT = 'version_conflict_engine_exception'

const overload: ReadonlySet<string> = new Set([
  'es_rejected_execution_exception',
  'rejected_execution_exception',
  'opensearch_rejected_execution_exception',
  'circuit_breaking_exception',
])
const outage: ReadonlySet<string> = new Set([
  'unavailable_shards_exception',
  'no_shard_available_action_exception',
  'process_cluster_event_timeout_exception',
  'master_not_discovered_exception',
  'cluster_manager_not_discovered_exception',
  'not_master_exception',
  'not_cluster_manager_exception',
  'node_closed_exception',
  'node_not_connected_exception',
  'node_disconnected_exception',
  'primary_missing_action_exception',
  'shard_not_in_primary_mode_exception',
  'index_primary_shard_not_allocated_exception',
])

/**
 * The errors of documents that the server will never accept. Source: ElasticsearchClient.MALFORMED_DOC_ERRORS; the last two
 * are ours: they too are about one document only.
 */
const refused: ReadonlySet<string> = new Set([
  'strict_dynamic_mapping_exception',
  'mapper_parsing_exception',
  'illegal_argument_exception',
  'action_request_validation_exception',
  'document_parsing_exception',
  'x_content_parse_exception',
  'routing_missing_exception',
])

/** Returns why an operation may succeed later; undefined if the error does not mean that. */
export function temporaryCause(status: number, types: readonly string[]): RetryCause | undefined {
  if (types.includes(BLOCK)) return 'block'
  if (status === 429 || types.some((type) => overload.has(type))) return 'overload'
  if (isGatewayStatus(status) || types.some((type) => outage.has(type))) return 'outage'
  return undefined
}

/** Whether the error means that the server does not accept the document. */
export function isRefusal(types: readonly string[]): boolean {
  return types.some((type) => refused.has(type))
}

/** Whether the server, or one that a proxy forwards to, is away. */
function isGatewayStatus(status: number): boolean {
  return status === 502 || status === 503 || status === 504 || status === 408
}
