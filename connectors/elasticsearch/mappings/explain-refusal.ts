import type { Wording } from '../wording.ts'

const MOST_CHARACTERS = 500

type Explain = (groups: readonly string[], wording: Wording) => string

/** What the reasons of common refusals mean, and what helps. */
const explanations: readonly (readonly [pattern: RegExp, explain: Explain])[] = [
  [
    /Limit of total fields \[(\d+)\] has been exceeded/,
    ([limit = '']) =>
      `the index would have more fields than its limit of ${limit}; raise index.mapping.total_fields.limit, or write fewer fields`,
  ],
  [
    /Limit of mapping depth \[(\d+)\] has been exceeded/,
    ([limit = '']) =>
      `fields are nested deeper than the limit of ${limit}; raise index.mapping.depth.limit, or write flatter documents`,
  ],
  [
    /mapper \[([^\]]+)\] cannot be changed from type \[([^\]]+)\] to \[([^\]]+)\]/,
    ([field = '', mapped = '', wanted = '']) =>
      `the field '${field}' is mapped as ${mapped} and cannot become ${wanted}; write to a new index, or convert the field`,
  ],
  [
    /immense term in field="([^"]+)"/,
    ([field = '']) =>
      `the value of the field '${field}' is longer than the 32766 bytes of a term; map it with ignore_above, or as text`,
  ],
  [
    /failed to parse field \[([^\]]+)\] of type \[([^\]]+)\]/,
    ([field = '', mapped = '']) =>
      `the value of the field '${field}' does not fit its mapping as ${mapped}; convert the field, or map it differently in a new index`,
  ],
  [
    /object mapping for \[([^\]]+)\] tried to parse field .* as object, but found a concrete value/,
    ([field = '']) =>
      `the field '${field}' is mapped as an object, but its value is none; rename or convert the field`,
  ],
  [
    /dynamic introduction of \[([^\]]+)\] within \[([^\]]+)\] is not allowed/,
    ([field = '', within = '']) =>
      `the mapping is strict and has no field '${field}' in ${within}; add it to the mapping, or drop it with a transform`,
  ],
  [
    /this action would add \[\d+\] shards, but this cluster currently has \[(\d+)\]\/(\[\d+\])/,
    ([open = '', limit = '']) =>
      `the cluster has ${open} open shards of at most ${limit.slice(1, -1)}; delete indexes, or raise cluster.max_shards_per_node`,
  ],
  [
    /matches with template \[([^\]]+)\] that creates data streams only/,
    ([template = ''], { useDataStreams }) =>
      `the template '${template}' makes its name a data stream; ${useDataStreams}`,
  ],
  [
    /no matching index template found for data stream/,
    () => 'no index template with data_stream matches its name; create such a template',
  ],
  [
    /only write ops with an op_type of create are allowed in data streams/,
    (_, { useDataStreams }) => `it is a data stream; ${useDataStreams}`,
  ],
  [
    /no write index is defined for alias \[([^\]]+)\]/,
    ([alias = '']) =>
      `the alias '${alias}' has several indexes and no write index; set is_write_index for one of them`,
  ],
  [/routing is required/, (_, { setRouting }) => `its mapping requires a routing; ${setRouting}`],
  [
    /pipeline with id \[([^\]]+)\] does not exist/,
    ([name = ''], { pipeline }) =>
      `the ingest pipeline '${name}' does not exist; create it, or change ${pipeline}`,
  ],
]

/**
 * Explains in one sentence why the server refused a document or a request, with the remedy for common reasons, and the
 * server's words for others. The result has no values of documents.
 */
export function explainRefusal(type: string, reason: string, wording: Wording): string {
  for (const [pattern, explain] of explanations) {
    const match = pattern.exec(reason)
    if (match !== null) return `${explain(match.slice(1), wording)} (${type})`
  }
  return `${withoutValues(reason)} (${type})`
}

/** Removes the parts of a reason that quote the document. */
function withoutValues(reason: string): string {
  const text = reason
    .replace(/\.? ?Preview of field's value: .*$/s, '')
    .replace(/\s*at \[Source: .*$/s, '')
    .replaceAll(/For input string: ".*"/gs, 'For input string')
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text
}
