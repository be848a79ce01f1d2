import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigDef, ConfigKey } from '../config/index.ts'

/** What every plugin has. */
export interface NamedPlugin {
  readonly name: string
  readonly version: string
  readonly config: ConfigDef
}

/** Tests that a plugin says of itself what a worker needs to know. */
export function definitionAcceptance({ name, version, config }: NamedPlugin): void {
  test(`${name} has a name without blanks and a version`, () => {
    assert.match(name, /^\S+$/)
    assert.match(version, /^\S+$/)
  })

  test(`${name} describes each of its settings`, () => {
    for (const [key, { doc }] of Object.entries<ConfigKey>(config)) {
      assert.match(key, /^[a-z][\w.-]*$/i, `${key} is no key of a property file`)
      assert.notEqual(doc.trim(), '', `${key} has no doc`)
    }
  })

  test(`${name} has defaults that its own rules allow`, () => {
    for (const [key, setting] of Object.entries<ConfigKey>(config)) {
      if (setting.default === undefined || setting.default === null) continue
      assert.equal(setting.validate?.check(key, setting.default), undefined)
    }
  })
}
