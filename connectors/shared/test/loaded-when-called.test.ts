import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadedWhenCalled } from '../loaded-when-called.ts'

/** A module with two methods, and how often it was loaded. */
function moduleToLoad() {
  const loads = { count: 0 }
  const methods = {
    add: (first: number, second: number) => first + second,
    refuse: (): never => {
      throw new Error('refused')
    },
  }
  const load = async () => {
    loads.count++
    return methods
  }
  return { load, loads }
}

test('a module is loaded when a method is called, not before', async () => {
  const { load, loads } = moduleToLoad()
  const { add } = loadedWhenCalled(load, ['add'])
  assert.equal(loads.count, 0)
  assert.equal(await add(2, 3), 5)
  assert.equal(loads.count, 1)
})

test('only the named methods exist', () => {
  const { load } = moduleToLoad()
  assert.deepEqual(Object.keys(loadedWhenCalled(load, ['add'])), ['add'])
})

test('a method rejects with what the method of the module throws', async () => {
  const { load } = moduleToLoad()
  await assert.rejects(loadedWhenCalled(load, ['refuse']).refuse(), new Error('refused'))
})

test('a method rejects if its module cannot be loaded', async () => {
  const load = (): Promise<{ add(): void }> => Promise.reject(new Error('no such module'))
  await assert.rejects(loadedWhenCalled(load, ['add']).add(), new Error('no such module'))
})
