import type { Finding } from '../../../../api/index.ts'
import { quoteIdentifier } from '../../connection/quoting.ts'
import { error, info } from '../../../shared/finding.ts'
import { run } from '../texts.ts'
import type { Inspection } from '../inspection.ts'

/** Whether the role may stream, and whether it sees what others do. */
export function roleFindings({ role, streams }: Inspection): readonly Finding[] {
  const found: Finding[] = []
  const login = quoteIdentifier(role.login)
  if (streams && !role.canStream) {
    found.push(
      error(
        'role-replication',
        `The role ${login} may not open replication connections, expected the attribute REPLICATION.`,
        'On Amazon RDS, grant it the role rds_replication (GRANT rds_replication TO …). Elsewhere, as a superuser, ' +
          run(`ALTER ROLE ${login} REPLICATION`),
      ),
    )
  }
  if (!role.seesActivity) {
    const name = quoteIdentifier(role.name)
    found.push(
      info(
        'limited-view',
        `The role ${name} does not see what other roles do: this diagnosis cannot report their long transactions, nor who uses a slot.`,
        `Optional, as a superuser: ${run(`GRANT pg_read_all_stats TO ${name}`)}`,
      ),
    )
  }
  return found
}
