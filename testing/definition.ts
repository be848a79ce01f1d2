import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigDef, ConfigKey } from '../api/index.ts'
import { parseSetting } from '../config/index.ts'

/** The properties common to all plugins. */
export interface NamedPlugin {
  readonly name: string
  readonly version: string
  readonly config: ConfigDef
}

/** Registers tests of a plugin's metadata and setting definitions. */
export function definitionAcceptance({ name, version, config }: NamedPlugin): void {
  test(`${name} has a name and a version without whitespace`, () => {
    assert.match(name, /^\S+$/)
    assert.match(version, /^\S+$/)
  })

  test(`${name} documents each setting`, () => {
    for (const [key, { doc }] of Object.entries<ConfigKey>(config)) {
      assert.match(key, /^[a-z][\w.-]*$/i, `${key} is not a valid key of a property file`)
      assert.notEqual(doc.trim(), '', `${key} has no doc`)
    }
  })

  test(`${name} has valid examples`, () => {
    for (const [key, setting] of Object.entries<ConfigKey>(config)) {
      for (const example of setting.examples ?? []) {
        const { errors } = parseSetting(key, setting, { [key]: example })
        assert.deepEqual(errors, [], `${example} is not a valid example of ${key}`)
      }
    }
  })

  test(`${name} has valid defaults`, () => {
    for (const [key, setting] of Object.entries<ConfigKey>(config)) {
      if (setting.default === undefined || setting.default === null) continue
      assert.equal(setting.validate?.check(key, setting.default), undefined)
    }
  })
}
