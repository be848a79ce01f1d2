import type { Finding } from '../../../api/index.ts'
import type { Target } from '../ports.ts'
import { at } from '../server/body.ts'
import type { Wording } from '../wording.ts'
import { found, members, setting, type Ask } from './answers.ts'
import { error, info, sentence, warning } from '../../shared/finding.ts'
import { conflictsOf, conflictsText, mappedFields } from './mapped-fields.ts'
import { creationFindings, templateFields, type Creation, type MatchingTemplate } from './templates.ts'

/** What the findings about a target depend on. */
export interface TargetQuestions extends Creation {
  readonly ask: Ask
  readonly templateOf: ((name: string) => MatchingTemplate | undefined) | undefined
  /** Whether the mapping of a new target comes from the schema of its first record. */
  readonly infersMapping: boolean
}

/** An index, with its name. */
type Index = readonly [name: string, definition: unknown]

/** Returns what keeps records from being written to a target, or surprises. */
export async function targetFindings(
  target: Target,
  questions: TargetQuestions,
): Promise<readonly Finding[]> {
  const { name } = target
  const { ask, infersMapping, wording } = questions
  const response = await ask('GET', `/${encodeURIComponent(name)}`)
  if (response === undefined) return []
  if (response.status === 404) return missing(target, questions)
  if (response.status === 403) {
    const message = `The user may not look at the ${target.kind} ${name} (HTTP 403).`
    return [error('permission-missing', message, `Give the user view_index_metadata for ${name}.`)]
  }
  const indexes = members(found(response))
  const fields = await templateFields(ask, name)
  return [
    ...kindFindings(target, indexes, wording),
    ...aliasFindings(target, indexes),
    ...indexes.flatMap((index) => [
      ...blockFindings(index),
      ...mappingFindings(index, fields, infersMapping),
    ]),
  ]
}

function missing(target: Target, questions: TargetQuestions): readonly Finding[] {
  const { name, kind, create } = target
  const { templateOf, wording } = questions
  if (create) {
    if (templateOf !== undefined) return creationFindings(target, templateOf(name), questions)
    return [info('target-missing', `The ${kind} ${name} does not exist; the connector creates it.`)]
  }
  return [
    error(
      'target-missing',
      `The ${kind} ${name} does not exist, and the connector does not create external resources.`,
      `Create it, or change ${wording.resourceMapping}.`,
    ),
  ]
}

function kindFindings({ name, kind }: Target, indexes: readonly Index[], wording: Wording): Finding[] {
  const stream = indexes.map(([, definition]) => at(definition, 'data_stream')).find((of) => of !== undefined)
  const appends = kind.endsWith('data stream')
  if ((stream !== undefined) === appends) return []
  return appends
    ? [
        error(
          'target-is-index',
          `${name} is an index or the alias of one, but the settings say that it is a ${kind}.`,
          sentence(wording.useIndexes),
        ),
      ]
    : [
        error(
          'target-is-data-stream',
          `${name} belongs to the data stream ${String(stream)}, which accepts no ${kind === 'index' ? 'index requests' : 'updates'}.`,
          sentence(wording.useDataStreams),
        ),
      ]
}

function aliasFindings({ name, kind }: Target, indexes: readonly Index[]): Finding[] {
  if (kind.endsWith('data stream') || indexes.length < 2) return []
  const writable = indexes.some(
    ([, definition]) => at(definition, 'aliases', name, 'is_write_index') === true,
  )
  if (writable) return []
  return [
    error(
      'alias-without-write-index',
      `The alias ${name} has ${indexes.length} indexes and no write index.`,
      'Set is_write_index for one of them.',
    ),
  ]
}

const blocks = ['read_only', 'read_only_allow_delete', 'write', 'metadata'] as const

function blockFindings([name, definition]: Index): Finding[] {
  const settings = at(definition, 'settings')
  const set = blocks.filter((block) => setting(settings, `index.blocks.${block}`) === 'true')
  const closed = setting(settings, 'index.verified_before_close') === 'true'
  return [
    ...set.map((block) =>
      error(
        'write-block',
        `The index ${name} is blocked by index.blocks.${block}; the connector waits until that is lifted.`,
        block === 'read_only_allow_delete'
          ? 'Free disk space; the server lifts the block then. Or set index.blocks.read_only_allow_delete to null.'
          : `Set index.blocks.${block} to null.`,
      ),
    ),
    ...(closed
      ? [error('index-closed', `The index ${name} is closed.`, `Open it: POST /${name}/_open.`)]
      : []),
  ]
}

const FIELDS_LIMIT = 1000

function mappingFindings(
  [name, definition]: Index,
  templated: ReadonlyMap<string, string>,
  infersMapping: boolean,
): Finding[] {
  const mappings = at(definition, 'mappings')
  const fields = mappedFields(mappings)
  const limit = Number(
    setting(at(definition, 'settings'), 'index.mapping.total_fields.limit') ?? FIELDS_LIMIT,
  )
  const conflicts = conflictsOf(fields, templated)
  const dynamic = at(mappings, 'dynamic')
  return [
    ...(conflicts.length === 0
      ? []
      : [
          warning(
            'mapping-conflict',
            `Fields of the index ${name} have other types than in its index template: ${conflictsText(conflicts)}.`,
            'Documents for the types of the template may be refused. Write to a new index, and reindex the old documents.',
          ),
        ]),
    ...(fields.size >= limit * 0.9
      ? [
          warning(
            'field-limit',
            `The index ${name} has ${fields.size} fields of at most ${limit}.`,
            'Raise index.mapping.total_fields.limit, or write fewer fields.',
          ),
        ]
      : []),
    ...dynamicFindings(name, dynamic === undefined ? undefined : String(dynamic)),
    ...(infersMapping && fields.size > 0 && dynamic === undefined
      ? [info('mapping-exists', `The index ${name} has a mapping; schemas of records do not change it.`)]
      : []),
  ]
}

function dynamicFindings(name: string, dynamic: string | undefined): Finding[] {
  if (dynamic === 'strict') {
    return [
      warning(
        'mapping-strict',
        `The mapping of the index ${name} is strict: documents with other fields are refused.`,
        'Set behavior.on.malformed.documents and a dead-letter queue, or add the fields to the mapping.',
      ),
    ]
  }
  return dynamic === 'false'
    ? [
        info(
          'mapping-static',
          `Fields that the mapping of the index ${name} lacks are stored but not indexed.`,
        ),
      ]
    : []
}
