import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mapBuilder, structBuilder, type FieldPlan } from '../struct-builder.ts'

/** Adds enough fields to use the loop instead of generated code. */
const many = (plan: readonly FieldPlan[]): FieldPlan[] => [
  ...plan,
  ...Array.from({ length: 600 }, (_, number) => ({ name: `more${number}`, from: `more${number}` })),
]

const only = (names: readonly string[], struct: Record<string, unknown>): unknown[] =>
  names.map((name) => Object.getOwnPropertyDescriptor(struct, name)?.value as unknown)

for (const [how, build] of [
  ['generated', structBuilder],
  ['looped', (plan: readonly FieldPlan[]) => structBuilder(many(plan))],
] as const) {
  test(`${how}: fields are renamed, converted and added from additional values`, () => {
    const make = build([
      { name: 'title', from: 'name' },
      { name: 'size', from: 'size', change: (value) => Number(value) * 2 },
      { name: 'source', from: 0 },
    ])
    const made = make({ name: 'a', size: 2, left: 'out' }, ['file'])
    assert.deepEqual(only(['title', 'size', 'source', 'left'], made), ['a', 4, 'file', undefined])
  })

  test(`${how}: a fallback replaces null, and onNull is called for a final null`, () => {
    const make = build([
      { name: 'a', from: 'a', fallback: 7 },
      { name: 'b', from: 'b' },
      {
        name: 'c',
        from: 'c',
        onNull: () => {
          throw new RangeError('c is required')
        },
      },
    ])
    assert.deepEqual(only(['a', 'b', 'c'], make({ a: null, c: 0 })), [7, null, 0])
    assert.throws(() => make({ a: 1, b: 2 }), /c is required/)
  })

  test(`${how}: any string can be a field name, and inherited properties are ignored`, () => {
    const names = ['__proto__', 'constructor', 'to"quote', 'line\nend', '\u2028', "');throw 1//", '${1}', '0']
    const make = build(names.map((name) => ({ name, from: name })))
    const source = Object.fromEntries(names.map((name, index) => [name, index]))
    assert.deepEqual(only(names, make(source)), [0, 1, 2, 3, 4, 5, 6, 7])
    const empty = make({})
    assert.deepEqual(
      only(names, empty),
      names.map(() => null),
    )
    assert.equal(Object.getPrototypeOf(empty), Object.prototype)
  })
}

test('maps with different keys get different plans, for any number of key sets', () => {
  let asked = 0
  const build = mapBuilder((keys) => {
    asked++
    return keys.map((name) => ({ name: name.toUpperCase(), from: name }))
  })
  for (let round = 0; round < 20; round++) assert.deepEqual(build({ a: 1, b: round }), { A: 1, B: round })
  assert.ok(asked < 10, `${asked} plans for one shape`)
  for (let shape = 0; shape < 200; shape++) {
    assert.deepEqual(build({ [`x${shape}`]: shape }), { [`X${shape}`]: shape })
  }
  assert.deepEqual(build({ a: 1, b: 2 }), { A: 1, B: 2 })
})
