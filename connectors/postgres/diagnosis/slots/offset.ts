import { isConnectError, type Finding, type SourceOffset } from '../../../../api/index.ts'
import { formatLsn } from '../../connection/lsn.ts'
import { quoteIdentifier } from '../../connection/quoting.ts'
import { stateOf } from '../../session/preparation.ts'
import type { Slot } from '../../slot/slot.ts'
import { decideSnapshot } from '../../snapshot/modes.ts'
import { confirmableLsn, positionOf } from '../../streaming/position.ts'
import { error, warning } from '../../../shared/finding.ts'
import type { Inspection } from '../inspection.ts'

const RESET =
  'Set snapshot.mode=when_needed, or stop the connector and delete its offsets (DELETE /connectors/{connector}/offsets): either takes' +
  ' a new snapshot.'

/** What the next start of the connector will do with its stored offset. */
export function offsetFindings(
  inspection: Inspection,
  slot: Slot | undefined,
  offset: SourceOffset | undefined,
): readonly Finding[] {
  const { config } = inspection
  try {
    positionOf(offset)
    const decision = decideSnapshot(config, offset, stateOf(slot))
    if (decision.discardOffset) return [discarded(inspection, slot)]
  } catch (cause) {
    if (!isConnectError(cause)) throw cause
    if (slot?.lostBecause !== null && slot !== undefined) return [] // reported with the slot
    return [error('offset-unavailable', sentence(cause.message), RESET)]
  }
  return offset === undefined || slot === undefined ? [] : ahead(inspection, slot, offset)
}

function discarded({ config }: Inspection, slot: Slot | undefined): Finding {
  const name = quoteIdentifier(config['slot.name'])
  const why = slot === undefined ? `the slot ${name} does not exist` : `the slot ${name} no longer has them`
  return warning(
    'snapshot-again',
    `The next start takes a new snapshot (snapshot.mode=${config['snapshot.mode']}): changes follow the stored offset that cannot be read, because ${why}.`,
    'Start the connector. Records of rows that have not changed are sent again.',
  )
}

/** A slot that somebody has advanced, or created anew: the server skips what is before it, without an error. */
function ahead({ config }: Inspection, slot: Slot, offset: SourceOffset): readonly Finding[] {
  const stored = confirmableLsn(offset)
  const confirmed = slot.confirmedFlush
  if (stored === null || confirmed === null || confirmed <= stored) return []
  const strategy = config['offset.mismatch.strategy']
  const text =
    `The slot ${quoteIdentifier(slot.name)} is at ${formatLsn(confirmed)}, after the stored offset ${formatLsn(stored)}: somebody has` +
    ' advanced it or created it anew, and changes between them cannot be read any more.'
  const remedy =
    'To capture the present state of the tables, stop the connector, and delete its offsets (DELETE /connectors/{connector}/offsets): the' +
    ' next start takes a snapshot.'
  if (strategy === 'trust_offset') {
    return [
      error(
        'slot-ahead-of-offset',
        `${text} With offset.mismatch.strategy=trust_offset, the connector does not start.`,
        `${remedy} To continue without the changes, set offset.mismatch.strategy=trust_slot.`,
      ),
    ]
  }
  return [
    warning(
      'slot-ahead-of-offset',
      `${text} With offset.mismatch.strategy=${strategy}, the connector continues without them.`,
      remedy,
    ),
  ]
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
