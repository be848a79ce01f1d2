import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Props } from '../../../../api/index.ts'
import { connectionSettings } from '../../connection/settings.ts'
import { fetchSettings } from '../../fetcher/settings.ts'
import { consumerGroupSettings } from '../../group/settings.ts'
import { producerSettings } from '../../producer/settings.ts'
import { clientTables, type ClientKind, type ClientSetting } from '../table/index.ts'

const required = { 'bootstrap.servers': 'localhost:9092', 'group.id': 'connect-sink' }

/** The configuration of each client. */
const readers: Readonly<Record<ClientKind, (props: Props) => Promise<unknown>>> = {
  producer: async (props) => [await connectionSettings(props), producerSettings(props)],
  consumer: async (props) => [
    await connectionSettings(props),
    fetchSettings(props),
    consumerGroupSettings(props),
  ],
  admin: connectionSettings,
}

const kinds = Object.keys(readers) as ClientKind[]

/** Resolves to the names of the settings that a client reads. */
async function keysRead(kind: ClientKind): Promise<string[]> {
  const keys = new Set<string>()
  const props: Props = new Proxy<Props>(required, {
    get: (target, key) => {
      keys.add(String(key))
      return Reflect.get(target, key) as unknown
    },
    getOwnPropertyDescriptor: (target, key) => {
      keys.add(String(key))
      return Reflect.getOwnPropertyDescriptor(target, key)
    },
  })
  await readers[kind](props)
  return [...keys].toSorted()
}

const effectiveOf = (kind: ClientKind): [string, ClientSetting][] =>
  Object.entries<ClientSetting>(clientTables[kind]).filter(([, { ignored }]) => ignored === undefined)

test('a client reads the settings that have an effect according to its table, and no others', async () => {
  for (const kind of kinds) {
    const names = effectiveOf(kind).map(([name]) => name)
    assert.deepEqual(await keysRead(kind), names.toSorted(), kind)
  }
})

test('a client without a setting uses the default in its table', async () => {
  for (const kind of kinds) {
    const plain = await readers[kind](required)
    for (const [name, { default: value }] of effectiveOf(kind)) {
      if (value === undefined || value === null) continue
      assert.deepEqual(await readers[kind]({ ...required, [name]: String(value) }), plain, name)
    }
  }
})

test('the table contains javaDefault only if it differs from our default', () => {
  for (const kind of kinds) {
    for (const [name, { default: own, javaDefault }] of Object.entries<ClientSetting>(clientTables[kind])) {
      if (javaDefault !== undefined) assert.notDeepEqual(javaDefault, own, `${kind}: ${name}`)
    }
  }
})
