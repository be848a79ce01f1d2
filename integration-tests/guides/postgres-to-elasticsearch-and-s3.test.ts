import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createBucket,
  createDatabase,
  searchRequest,
  sharedElasticsearch,
  type Bucket,
  type SearchAddress,
} from '../services/index.ts'
import { placeOf, psql } from './psql.ts'
import { runGuide, untilShown } from './run-guide.ts'

const SEARCH = /^curl -s 'localhost:9200(\/.*)'$/

interface SearchAnswer {
  readonly hits?: {
    readonly hits: readonly { readonly _source: { readonly customer: string; readonly total: number } }[]
  }
}

/** The orders that a search finds, in the order of their customers. */
async function ordersAt(address: SearchAddress, path: string): Promise<string> {
  const { body } = await searchRequest(address, 'GET', path)
  const found = ((body as SearchAnswer).hits?.hits ?? []).map(({ _source }) => _source)
  return found
    .map(({ customer, total }) => `${customer} ${total}`)
    .toSorted()
    .join()
}

/** The operations of the events in all objects. */
async function operationsIn(bucket: Bucket): Promise<string> {
  const texts = await Promise.all((await bucket.keys()).map((key) => bucket.read(key)))
  const lines = texts.flatMap((text) => text.toString().split('\n').slice(0, -1))
  return lines.map((line) => (JSON.parse(line) as { op: string }).op).join('')
}

/** What the searches find, one after the other. */
const expected = ['Acme 19.9,Globex 250', 'Acme 21.9,Initech 5']

test('the commands of the guide write a table to Elasticsearch and its changes to S3', async (t) => {
  const [database, bucket, address] = [
    await createDatabase(),
    await createBucket(),
    await sharedElasticsearch(),
  ]
  t.after(() => Promise.all([database.drop(), bucket.drop()]))
  const login = address.login
  const place = {
    'connection.url': address.url,
    ...(login === null ? {} : { 'connection.username': login.user, 'connection.password': login.password }),
  }
  let searches = 0
  const { rest } = await runGuide(t, {
    page: 'docs/guides/postgres-to-elasticsearch-and-s3.md',
    names: ['shop', 'cdc', 'search', 'lake', 'orders'],
    settings(text) {
      if (text.includes('connection.url')) return place
      if (text.includes('s3.bucket.name')) return bucket.props
      return text.includes('database.hostname') ? placeOf(database) : {}
    },
    async execute(command, { folder }) {
      const { text } = command
      if (/^aws s3 (?:mb|rb) /.test(text) || (await psql(text, database, folder))) return
      const [, search] = SEARCH.exec(text) ?? []
      const [, index] = /^curl -s -X DELETE localhost:9200(\/\w+)$/.exec(text) ?? []
      if (search !== undefined) {
        const orders = expected[searches++] ?? assert.fail('an unexpected search')
        await untilShown(command, () => ordersAt(address, search), orders)
      } else if (index !== undefined) {
        assert.equal((await searchRequest(address, 'DELETE', index)).status, 200)
      } else {
        assert.match(text, /^aws s3 ls /)
        await untilShown(command, () => operationsIn(bucket), 'rrudc')
      }
    },
  })
  assert.equal(searches, expected.length)
  assert.deepEqual((await rest.get('/connectors')).body, [])
})
