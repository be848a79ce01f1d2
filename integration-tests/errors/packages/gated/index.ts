import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { defineConfig, NotReady, type Converter, type Plugin } from '../../../../api/index.ts'

const LOOK_MS = 10

const config = defineConfig({
  gate: {
    type: 'string',
    importance: 'high',
    doc: 'A schema can be looked up while a file with this name, a dash and its ID exists.',
  },
  size: { type: 'int', importance: 'high', doc: 'Number of successive records with the same schema.' },
})

/** Converts text that begins with a number. It looks up the schema of each text, whose ID is that number divided by `size`. */
const gatedConverter: Converter<typeof config> = {
  kind: 'converter',
  name: 'headrace.tests.GatedConverter',
  version: '1.0.0',
  roles: ['value', 'header'],
  config,
  create({ gate, size }, _role, { signal }) {
    const found = new Set<number>()
    const pending = new Map<number, Promise<void>>()
    const request = async (id: number) => {
      do await wait(LOOK_MS, undefined, { signal })
      while (!existsSync(`${gate}-${id}`))
      found.add(id)
      pending.delete(id)
    }
    const lookUp = (text: string) => {
      const id = Math.floor(Number.parseInt(text, 10) / size)
      if (found.has(id)) return
      const response = pending.get(id) ?? request(id)
      pending.set(id, response)
      throw new NotReady(response, `schema ${id}`)
    }
    const written = (text: string) => {
      lookUp(text)
      return text
    }
    const read = (bytes: Buffer | null) => {
      const value = String(bytes)
      lookUp(value)
      return { schema: null, value }
    }
    return {
      fromConnect: (_topic, _schema, value) => written(String(value)),
      toConnect: (_topic, bytes) => read(bytes),
      fromConnectHeader: (_topic, _key, _schema, value) => written(String(value)),
      toConnectHeader: (_topic, _key, bytes) => read(bytes),
    }
  },
}

const plugin: Plugin = { converters: [gatedConverter] }

export default plugin // oxlint-disable-line import/no-default-export -- plugins are loaded through it
