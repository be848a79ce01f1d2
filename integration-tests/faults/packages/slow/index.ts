import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Plugin } from '../../../../api/index.ts'

/** While this file exists, no process finishes loading this package. */
const barrier = process.env['HEADRACE_TEST_BARRIER']
while (barrier !== undefined && existsSync(barrier)) await wait(10)

const plugin: Plugin = {}

export default plugin // oxlint-disable-line import/no-default-export -- plugins are loaded through it
