import type { Query } from '../ports.ts'

/** What the role of a connection may do. */
export interface Role {
  /** The role that has logged in, which also opens replication connections. */
  readonly login: string
  /** The role whose privileges apply; another one after SET ROLE. */
  readonly name: string
  readonly database: string
  readonly superuser: boolean
  /** Whether a role of a cloud service stands in for the superuser. */
  readonly managedSuperuser: boolean
  /** Whether the role that has logged in may open replication connections. */
  readonly canStream: boolean
  /** Whether the role may create objects such as publications in the database. */
  readonly mayCreate: boolean
  /** Whether the role sees what other roles are doing. */
  readonly seesActivity: boolean
  /** Maximum number of connections of the role that has logged in; -1 if unlimited. */
  readonly connectionLimit: number
}

/** Cloud services give the attribute REPLICATION through the membership in a role of theirs. */
const ROLE = `
SELECT session_user AS login, current_user AS name, pg_catalog.current_database() AS database,
       c.rolsuper AS superuser,
       EXISTS (SELECT FROM pg_catalog.pg_roles g WHERE g.rolname IN ('rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin')
                  AND pg_catalog.pg_has_role(current_user, g.oid, 'MEMBER')) AS managed_superuser,
       l.rolreplication OR l.rolsuper OR EXISTS (
         SELECT FROM pg_catalog.pg_roles g
          WHERE g.rolname IN ('rds_superuser', 'rdsadmin', 'rdsrepladmin', 'rds_replication')
            AND pg_catalog.pg_has_role(session_user, g.oid, 'MEMBER')) AS can_stream,
       pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS may_create,
       pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees_activity,
       l.rolconnlimit AS connection_limit
  FROM pg_catalog.pg_roles c, pg_catalog.pg_roles l
 WHERE c.rolname = current_user AND l.rolname = session_user`

/** Reads the role of the connection. Source: PostgresConnector.validateConnection. */
export async function readRole(query: Query): Promise<Role> {
  const [row] = await query(ROLE)
  const isTrue = (column: string): boolean => row?.[column] === 't'
  return {
    login: row?.['login'] ?? '',
    name: row?.['name'] ?? '',
    database: row?.['database'] ?? '',
    superuser: isTrue('superuser'),
    managedSuperuser: isTrue('managed_superuser'),
    canStream: isTrue('can_stream'),
    mayCreate: isTrue('may_create'),
    seesActivity: isTrue('sees_activity'),
    connectionLimit: Number(row?.['connection_limit'] ?? -1),
  }
}
