import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readText } from '../../test/columns.ts'
import { geometricText, geometryReader, pointReader } from '../geometry.ts'
import { sparseVectorReader, vectorReader } from '../vectors.ts'

test('a geometry keeps its extended binary, and tells its reference system', () => {
  const plain = '0101000000000000000000F03F0000000000000040'
  assert.deepEqual(readText(geometryReader, plain), { wkb: Buffer.from(plain, 'hex'), srid: null })
  const little = '0101000020E6100000000000000000F03F0000000000000040'
  assert.deepEqual(readText(geometryReader, little), { wkb: Buffer.from(little, 'hex'), srid: 4326 })
  const big = '0020000001000010E63FF00000000000004000000000000000'
  assert.deepEqual(readText(geometryReader, big), { wkb: Buffer.from(big, 'hex'), srid: 4326 })
})

test('refuses text that is no geometry or point', () => {
  assert.throws(() => readText(geometryReader, '0101'), /Expected a geometry but found "0101"/)
  assert.throws(() => readText(pointReader, '(1 2)'), /Expected a point but found "\(1 2\)"/)
})

test('numbers in geometric types are printed as in Java', () => {
  assert.equal(geometricText('{1,-2,3.25}'), '{1.0,-2.0,3.25}')
  assert.equal(geometricText('<(1e+20,0.0001),Infinity>'), '<(1.0E20,1.0E-4),Infinity>')
  assert.equal(geometricText('[(NaN,-Infinity),(0,1)]'), '[(NaN,-Infinity),(0.0,1.0)]')
})

test('a sparse vector has its dimensions and a map in the order of a Java HashMap', () => {
  const vector = readText(sparseVectorReader, '{1:0.5,5:-2,16:3}/40') as { vector: Map<number, number> }
  assert.deepEqual(vector, {
    dimensions: 40,
    vector: new Map([
      [16, 3],
      [1, 0.5],
      [5, -2],
    ]),
  })
  assert.deepEqual([...vector.vector.keys()], [16, 1, 5])
  assert.deepEqual(readText(sparseVectorReader, '{}/3'), { dimensions: 3, vector: new Map() })
})

test('refuses vectors that the schema cannot describe', () => {
  assert.throws(() => readText(sparseVectorReader, '{}/40000'), /up to 32767 dimensions/)
  assert.throws(() => readText(vectorReader, '1,2'), /Expected a vector/)
})
