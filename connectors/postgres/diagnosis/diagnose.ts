import { messageOf, type Finding, type SourceDiagnoseContext, type TaskProps } from '../../../api/index.ts'
import { readServer } from '../catalog/server.ts'
import type { PostgresConfig } from '../config/definition.ts'
import { parseSettings } from '../config/parse-settings.ts'
import { connect } from '../connection/database.ts'
import { connectReplication } from '../connection/replication.ts'
import type { Database } from '../ports.ts'
import { connectReadOnly, replicationFindings, unreachable, type Connecting } from './connection.ts'
import { warning } from '../../shared/finding.ts'
import { inspect, usualThresholds, type Check, type Inspection, type Thresholds } from './inspection.ts'
import { publicationFindings } from './publication/publication.ts'
import { activityFindings } from './server/activity.ts'
import { capacityFindings } from './server/capacity.ts'
import { roleFindings } from './server/role.ts'
import { senderTimeoutFindings, serverFindings, tooOld, walLimitFindings } from './server/settings.ts'
import { otherPublicationFindings, otherSlotFindings } from './slots/others.ts'
import { ownSlotFindings } from './slots/own-slot.ts'
import { capturedFindings, privilegeFindings } from './tables/captured.ts'
import { columnFindings } from './tables/columns.ts'

/** In the order of their findings, after severity. The name completes "could not check". */
const checks: readonly (readonly [name: string, check: Check])[] = [
  ['the server', serverFindings],
  ['the role', roleFindings],
  ['the capacity of the server', capacityFindings],
  ['the slot', ownSlotFindings],
  ['the publication', publicationFindings],
  ['the captured tables', capturedFindings],
  ['the privileges', privilegeFindings],
  ['the columns', columnFindings],
  ['transactions', activityFindings],
  ['wal_sender_timeout', senderTimeoutFindings],
  ['other slots', otherSlotFindings],
  ['other publications', otherPublicationFindings],
  ['the limit of WAL', walLimitFindings],
]

const severities = ['error', 'warning', 'info']

/**
 * Inspects the server, the publication, the slot and the captured tables, and returns what prevents the connector from
 * working or surprises its users: errors first. Changes nothing: its connection is read-only. Returns what it has found when
 * the signal is aborted.
 */
export async function diagnosePostgres(
  props: TaskProps,
  context: SourceDiagnoseContext,
  thresholds: Thresholds = usualThresholds,
  connecting: Connecting = { connect, connectReplication },
): Promise<readonly Finding[]> {
  const config = parseSettings(props)
  const found: Finding[] = []
  const aborted = new Promise<'aborted'>((resolve) => {
    if (context.signal.aborted) resolve('aborted')
    else context.signal.addEventListener('abort', () => resolve('aborted'), { once: true })
  })
  const working = diagnoseDatabase(config, props, context, thresholds, connecting, found)
  if ((await Promise.race([working, aborted])) === 'aborted') found.push(incomplete)
  return found.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
}

/** Adds to `found`. Never rejects for what can be expected. */
async function diagnoseDatabase(
  config: PostgresConfig,
  props: TaskProps,
  context: SourceDiagnoseContext,
  thresholds: Thresholds,
  connecting: Connecting,
  found: Finding[],
): Promise<void> {
  const { signal } = context
  const applicationName = `headrace doctor ${props['name'] ?? ''}`.trim()
  let database: Database | undefined
  try {
    database = await connectReadOnly(config, connecting, { applicationName, signal })
    const server = await readServer(database.query)
    const old = tooOld(server)
    if (old !== undefined) found.push(old)
    else
      await runChecks(await inspect(database, server, config, props, context, thresholds), connecting, found)
  } catch (cause) {
    if (!signal.aborted) found.push(unreachable(cause))
  } finally {
    await database?.close()
  }
}

const incomplete = warning(
  'diagnosis-incomplete',
  'The diagnosis has not finished in time: the server is slow, or locks hold its queries up. What was found until then is reported.',
)

/** A check that fails is a finding; the others go on. Rejects when the connection has ended. */
async function runChecks(inspection: Inspection, connecting: Connecting, found: Finding[]): Promise<void> {
  const all: typeof checks = [
    ...checks,
    ['the replication connection', (given) => replicationFindings(given, connecting)],
  ]
  for (const [name, check] of all) {
    if (inspection.context.signal.aborted) return
    try {
      found.push(...(await check(inspection)))
    } catch (cause) {
      if (inspection.isClosed()) throw cause
      found.push(warning('check-failed', `The diagnosis could not check ${name}: ${messageOf(cause)}`))
    }
  }
}
