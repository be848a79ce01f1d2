import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandNames, findCommand } from '../commands.ts'
import { helpText } from '../help.ts'

test('the help page of each command lists its options and has an example', () => {
  for (const name of commandNames) {
    const page = helpText(name)
    assert.ok(page.startsWith(`headrace ${name}`), name)
    assert.match(page, /\nExamples?\n {2}headrace /, name)
    for (const option of findCommand(name)?.options ?? [])
      assert.ok(page.includes(`--${option}`), `${name} ${option}`)
  }
})

test('the general help page lists each command', () => {
  for (const name of commandNames) assert.match(helpText(), new RegExp(`\\b${name}\\b`))
})

test('help pages fit a terminal of 110 columns', () => {
  for (const name of [undefined, ...commandNames]) {
    for (const line of helpText(name).split('\n')) assert.ok(line.length <= 110, line)
  }
})
