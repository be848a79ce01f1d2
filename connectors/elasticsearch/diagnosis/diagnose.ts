import { messageOf, type DiagnoseContext, type Finding, type SinkRecord } from '../../../api/index.ts'
import type { SearchServer, Target } from '../ports.ts'
import type { Product } from '../server/index.ts'
import { parseNameTemplate, targetOf, type TargetOptions } from '../targets/index.ts'
import { wordings, type Wording } from '../wording.ts'
import { askOf, type Ask } from './answers.ts'
import { clusterFindings } from './cluster.ts'
import { diskFindings } from './disks.ts'
import { error, info, sentence } from '../../shared/finding.ts'
import { namePattern, patternFindings } from './name-patterns.ts'
import { permissionFindings, type Uses } from './permissions.ts'
import { pipelineFindings } from './pipeline.ts'
import { incomplete, reach } from './reachability.ts'
import { targetFindings, type TargetQuestions } from './targets.ts'
import { templateMatcher } from './templates.ts'

/** What is diagnosed. */
export interface Diagnosed {
  /** Closed at the end. */
  readonly server: SearchServer
  readonly product: Product
  /** Empty with `topics.regex`: which topics there will be is unknown. */
  readonly topics: ReadonlySet<string>
  readonly targets: TargetOptions
  readonly uses: Uses
  readonly pipeline: string | null
  readonly infersMapping: boolean
  /** Whether the connector creates the index templates of data streams. */
  readonly createsTemplates: boolean
}

const severities = ['error', 'warning', 'info']

/**
 * Returns what keeps a connector from writing to its server, or surprises its users: errors first. Changes nothing on the
 * server.
 */
export async function diagnoseServer(
  diagnosed: Diagnosed,
  { signal }: Pick<DiagnoseContext, 'signal'>,
): Promise<readonly Finding[]> {
  const { server, product } = diagnosed
  try {
    const { findings, usable } = await reach(server, product, signal)
    const more = usable ? await serverFindings(diagnosed, askOf(server, signal)) : []
    const all = [...findings, ...more, ...(usable && signal.aborted ? [incomplete] : [])]
    return all.toSorted((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity))
  } finally {
    await server.close()
  }
}

async function serverFindings(diagnosed: Diagnosed, ask: Ask): Promise<readonly Finding[]> {
  const { targets: options, topics, product, uses, pipeline, infersMapping, createsTemplates } = diagnosed
  const wording = wordings[product]
  const { targets, patterns, findings } = namesOf(topics, options, wording)
  const names = [...targets.map(({ name }) => name), ...patterns]
  const templateOf = await templateMatcher(ask)
  const questions: TargetQuestions = { ask, infersMapping, templateOf, createsTemplates, wording }
  const found = await Promise.all([
    permissionFindings(ask, names, uses),
    ...targets.map((target) => targetFindings(target, questions)),
    ...patterns.map((pattern) => patternFindings(ask, pattern)),
    pipelineFindings(ask, pipeline),
    clusterFindings(ask),
    diskFindings(ask),
  ])
  return [...findings, ...found.flat()]
}

interface Names {
  readonly targets: Target[]
  /** For names that depend on records. */
  readonly patterns: string[]
  readonly findings: Finding[]
}

function namesOf(topics: ReadonlySet<string>, options: TargetOptions, { renameIndex }: Wording): Names {
  const names: Names = { targets: [], patterns: [], findings: [] }
  const template = options.indexName
  if (template !== null && !parseNameTemplate(template).perTopic) {
    names.patterns.push(...new Set([...topics].map((topic) => namePattern(template, topic))))
    return names
  }
  if (topics.size === 0) {
    const message =
      'The topics of a pattern are unknown before records arrive, so their indexes were not checked.'
    names.findings.push(info('topics-unknown', message))
  }
  const find = targetOf(options)
  for (const topic of topics) {
    try {
      // Names depend on the topic alone here
      names.targets.push(find({ topic } as SinkRecord))
    } catch (failure) {
      names.findings.push(error('name-invalid', messageOf(failure), sentence(renameIndex)))
    }
  }
  return names
}
