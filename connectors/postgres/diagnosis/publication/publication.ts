import type { Finding } from '../../../../api/index.ts'
import { tableText } from '../../config/table-name.ts'
import { quoteIdentifier, quoteTable } from '../../connection/quoting.ts'
import type { Table, TableName } from '../../ports.ts'
import { publicationFaults } from '../../slot/publication.ts'
import { readMembers, readPublication, type Publication } from '../../slot/publication-catalog.ts'
import { error, warning } from '../../../shared/finding.ts'
import { named, run, runNow } from '../texts.ts'
import type { Inspection } from '../inspection.ts'
import { contentFindings } from './content.ts'
import { unwritableFindings } from './unwritable.ts'

/** The publication, and what it does to tables. */
export async function publicationFindings(inspection: Inspection): Promise<readonly Finding[]> {
  const { query, config, streams } = inspection
  if (!streams) return []
  const publication = await readPublication(query, config['publication.name'])
  const own = publication === undefined ? missing(inspection) : await existing(inspection, publication)
  return [...own, ...(await unwritableFindings(inspection, publication))]
}

/** The captured tables whose changes are in the WAL. */
const publishable = ({ tables, factsOf }: Inspection): readonly Table[] =>
  tables.filter((table) => factsOf(table).persistence === 'p')

const list = (tables: readonly TableName[]): string => tables.map(quoteTable).join(', ')

function missing(inspection: Inspection): readonly Finding[] {
  const { config, server } = inspection
  const mode = config['publication.autocreate.mode']
  const name = quoteIdentifier(config['publication.name'])
  const tables = publishable(inspection)
  const target = tables.length === 0 ? '' : ` FOR TABLE ${list(tables)}`
  const create = `CREATE PUBLICATION ${name}${target}`
  if (mode === 'disabled') {
    const remedy = `As the owner of the tables, ${run(create)}`
    return [error('publication-missing', `The publication ${name} ${publicationFaults.missing}.`, remedy)]
  }
  if (server.inRecovery) {
    const text = `The publication ${name} does not exist, and a standby cannot create it.`
    return [error('publication-missing', text, `On the primary, ${run(create)}`)]
  }
  const database = cannotCreate(inspection)
  switch (mode) {
    case 'all_tables':
      return [...database, ...needsSuperuser(inspection, name)]
    case 'no_tables':
      return [...database, empty(name, tables)]
    default:
      if (tables.length > 0) return [...database, ...notOwned(inspection, tables, create)]
      return [
        ...database,
        error('publication-without-tables', `The publication ${name} ${publicationFaults.noTables}.`),
      ]
  }
}

function cannotCreate({ role }: Inspection): readonly Finding[] {
  if (role.mayCreate) return []
  const [name, database] = [role.name, role.database].map(quoteIdentifier)
  const text = `The role ${name} may not create a publication in the database ${database}.`
  const remedy = `Create the publication as another role, or as the owner of the database, ${run(
    `GRANT CREATE ON DATABASE ${database} TO ${name}`,
  )}`
  return [error('database-create', text, remedy)]
}

function needsSuperuser({ role }: Inspection, name: string): readonly Finding[] {
  if (role.superuser || role.managedSuperuser) return []
  const text =
    `The role ${quoteIdentifier(role.name)} cannot create the publication ${name} for all tables, because only superusers may` +
    ' (publication.autocreate.mode=all_tables).'
  const remedy = `Set publication.autocreate.mode=filtered, or as a superuser, ${run(`CREATE PUBLICATION ${name} FOR ALL TABLES`)}`
  return [error('publication-needs-superuser', text, remedy)]
}

const empty = (name: string, tables: readonly TableName[]): Finding =>
  warning(
    'publication-empty',
    `publication.autocreate.mode=no_tables creates the publication ${name} without tables: no changes are captured until you add them.`,
    tables.length === 0
      ? 'Add tables to the publication when there are some.'
      : `When the publication exists, ${run(`ALTER PUBLICATION ${name} ADD TABLE ${list(tables)}`)}`,
  )

/** `statement` makes the publication as it should be. */
function notOwned(
  { role, factsOf }: Inspection,
  tables: readonly Table[],
  statement: string,
): readonly Finding[] {
  const foreign = tables.filter((table) => !factsOf(table).owned)
  if (foreign.length === 0) return []
  const text =
    `The role ${quoteIdentifier(role.name)} does not own captured tables, and may not add them to the publication:` +
    ` ${named(foreign.map(tableText))}.`
  return [error('table-ownership', text, `As the owner of the tables or a superuser, ${run(statement)}`)]
}

async function existing(inspection: Inspection, publication: Publication): Promise<readonly Finding[]> {
  const { query, config } = inspection
  const name = quoteIdentifier(config['publication.name'])
  const filtered = config['publication.autocreate.mode'] === 'filtered'
  if (publication.allTables) {
    if (!filtered) return contentFindings(inspection, publication)
    const text = `The publication ${name} ${publicationFaults.allTables}.`
    return [error('publication-for-all-tables', text, runNow(`DROP PUBLICATION ${name}`))]
  }
  const { direct, effective } = await readMembers(query, config['publication.name'])
  const members = new Set([...direct, ...effective].map(tableText))
  const byOid = new Map(inspection.tables.map((table) => [table.oid, table]))
  const isMember = (table: Table): boolean =>
    members.has(tableText(table)) ||
    inspection.factsOf(table).ancestors.some((oid) => {
      const ancestor = byOid.get(oid)
      return ancestor !== undefined && members.has(tableText(ancestor))
    })
  // a partitioned table has no changes of its own
  const lacking = publishable(inspection).filter((table) => table.kind !== 'partitioned' && !isMember(table))
  const own = filtered
    ? await adapted(inspection, direct, lacking)
    : lackingTables(inspection, name, lacking, members.size === 0)
  return [...own, ...(await contentFindings(inspection, publication))]
}

function lackingTables(
  { server }: Inspection,
  name: string,
  lacking: readonly Table[],
  isEmpty: boolean,
): readonly Finding[] {
  if (lacking.length === 0) return []
  const text =
    `The publication ${name} ${isEmpty ? 'has no tables' : 'does not contain captured tables'}: changes are not captured of` +
    ` ${named(lacking.map(tableText))}.`
  const where = server.inRecovery ? 'On the primary, as' : 'As'
  const remedy = `${where} the owner of the publication and the tables, ${run(`ALTER PUBLICATION ${name} ADD TABLE ${list(lacking)}`)}`
  return [warning('publication-lacks-tables', text, remedy)]
}

/** What happens when a start adapts the publication to the captured tables. */
async function adapted(
  inspection: Inspection,
  direct: readonly TableName[],
  lacking: readonly Table[],
): Promise<readonly Finding[]> {
  const { query, config, role, server } = inspection
  const name = quoteIdentifier(config['publication.name'])
  const wanted = publishable(inspection)
  if (wanted.length === 0) {
    return [error('publication-without-tables', `The publication ${name} ${publicationFaults.noTables}.`)]
  }
  const kept = new Set(wanted.map(tableText))
  const others = direct.filter((table) => !kept.has(tableText(table)))
  if (server.inRecovery) return lackingTables(inspection, name, lacking, false)
  if (others.length === 0 && lacking.length === 0) return []
  const statement = `ALTER PUBLICATION ${name} SET TABLE ${list(wanted)}`
  const found: Finding[] = [...notOwned(inspection, lacking, statement)]
  const [row] = await query(
    `SELECT pg_catalog.pg_has_role(pubowner, 'USAGE') AS owned FROM pg_catalog.pg_publication WHERE pubname = $1`,
    [config['publication.name']],
  )
  if (row?.['owned'] !== 't') {
    const text = `The role ${quoteIdentifier(role.name)} does not own the publication ${name}, which a start has to adapt to the captured tables.`
    found.push(error('publication-ownership', text, `As its owner, ${run(statement)}`))
  }
  if (others.length === 0) return found
  const text =
    `The publication ${name} is also for tables that are not captured; a start removes them, and whoever else reads the` +
    ` publication misses their changes: ${named(others.map(tableText))}.`
  const remedy = `Set publication.name to a name that only this connector uses. If nobody else reads the publication, ${run(statement)}`
  return [...found, warning('publication-of-others', text, remedy)]
}
