/** The smallest valid settings. */
export const required = {
  'topic.prefix': 'shop',
  'database.hostname': 'db',
  'database.user': 'reader',
  'database.dbname': 'shop',
}
