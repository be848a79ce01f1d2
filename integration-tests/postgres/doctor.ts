import assert from 'node:assert/strict'
import type { Finding, SourceOffset } from '../../api/index.ts'
import { diagnosePostgres } from '../../connectors/postgres/diagnosis/diagnose.ts'
import { usualThresholds, type Thresholds } from '../../connectors/postgres/diagnosis/inspection.ts'
import { silent } from '../../testing/context.ts'
import type { Database } from '../services/index.ts'

/** What a diagnosis is asked, beside the settings. */
export interface Question {
  readonly exists?: boolean
  readonly offset?: SourceOffset
  readonly thresholds?: Partial<Thresholds>
}

export type Settings = Readonly<Record<string, string>>

/** Diagnoses the connector `orders` of the database with these settings. */
export function diagnose(
  database: Pick<Database, 'props'>,
  settings: Settings = {},
  { exists = false, offset, thresholds }: Question = {},
): Promise<readonly Finding[]> {
  const props = { ...database.props, 'name': 'orders', 'topic.prefix': 'shop', ...settings }
  const context = {
    log: silent,
    signal: AbortSignal.timeout(60_000),
    exists,
    lastOffsets: () => Promise.resolve([offset]),
  }
  return diagnosePostgres(props, context, { ...usualThresholds, ...thresholds })
}

export const idsOf = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id)

/** The finding with this id; fails if there is none, or several. */
export function only(findings: readonly Finding[], id: string): Finding {
  const [finding, ...others] = findings.filter((candidate) => candidate.id === id)
  assert.ok(
    finding !== undefined && others.length === 0,
    `${id} is not once in ${idsOf(findings).join(', ')}`,
  )
  return finding
}

/** The statements of a remedy, which are at its end. */
export function statementsOf({ id, remedy }: Finding): string {
  const sql = /^[^]*[Rr]un: ([^]*;)$/.exec(remedy ?? '')?.[1]
  assert.ok(sql !== undefined, `the remedy of ${id} has no statements: ${remedy ?? ''}`)
  return sql
}

/**
 * Checks that a diagnosis has the finding, and no longer has it once the statements of its remedy were run as the superuser.
 * Resolves to the finding.
 */
export async function assertRemedied(
  database: Database,
  id: string,
  settings: Settings = {},
  question: Question = {},
): Promise<Finding> {
  const finding = only(await diagnose(database, settings, question), id)
  for (const statement of statementsOf(finding).split(/(?<=;) /)) await database.query(statement)
  const after = await diagnose(database, settings, question)
  assert.ok(!idsOf(after).includes(id), `${id} remains: ${after.find((other) => other.id === id)?.message}`)
  assert.ok(!idsOf(after).includes('check-failed'), JSON.stringify(after))
  return finding
}
