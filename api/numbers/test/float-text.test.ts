import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { doubleText, floatText } from '../float-text.ts'

/*
 * Recorded from Java 17: the literal, and what Double.toString(Double.parseDouble(literal)) prints, or the same of Float.
 */

const doubles: readonly (readonly [literal: string, java: string])[] = [
  ['4.9E-324', '4.9E-324'],
  ['1e-323', '1.0E-323'],
  ['1.6e-322', '1.58E-322'],
  ['2.2250738585072014E-308', '2.2250738585072014E-308'],
  ['2.2250738585072011e-308', '2.225073858507201E-308'],
  ['2e-3', '0.002'],
  ['1e-3', '0.001'],
  ['9.999999999999999e-4', '9.999999999999998E-4'],
  ['0.1', '0.1'],
  ['0.30000000000000004', '0.30000000000000004'],
  ['123456.789', '123456.789'],
  ['9999999.999999998', '9999999.999999998'],
  ['1e7', '1.0E7'],
  ['12345678.9', '1.23456789E7'],
  ['9007199254740991', '9.007199254740991E15'],
  ['9007199254740992', '9.007199254740992E15'],
  ['9007199254740994', '9.007199254740994E15'],
  ['1.8014398509481984E16', '1.8014398509481984E16'],
  ['123456789012345678', '1.2345678901234568E17'],
  ['9.223372036854775E18', '9.2233720368547748E18'],
  ['9223372036854775807', '9.223372036854776E18'],
  ['1e19', '1.0E19'],
  ['1e21', '1.0E21'],
  ['1e22', '1.0E22'],
  ['1e23', '9.999999999999999E22'],
  ['2e23', '1.9999999999999998E23'],
  ['8.41E21', '8.409999999999999E21'],
  ['9.5e21', '9.500000000000001E21'],
  ['2.0551738933448696e25', '2.0551738933448695E25'],
  ['5.684341886080802E-14', '5.6843418860808015E-14'],
  ['1.1125369292536007E-308', '1.1125369292536007E-308'],
  ['4.450147717014403E-308', '4.450147717014403E-308'],
  ['562949953421312.125', '5.629499534213121E14'],
  ['562949953421312.375', '5.629499534213124E14'],
  ['1.7976931348623157E308', '1.7976931348623157E308'],
  ['5.0E-5', '5.0E-5'],
  ['3.0E-4', '3.0E-4'],
  ['-2.5', '-2.5'],
]

const floats: readonly (readonly [literal: string, java: string])[] = [
  ['1.4E-45', '1.4E-45'],
  ['2.8e-45', '2.8E-45'],
  ['1.17549435E-38', '1.17549435E-38'],
  ['1.1754942e-38', '1.1754942E-38'],
  ['2.3509887e-38', '2.3509887E-38'],
  ['1e-3', '0.001'],
  ['9.9999e-4', '9.9999E-4'],
  ['0.1', '0.1'],
  ['3.14', '3.14'],
  ['0.3', '0.3'],
  ['1e-5', '1.0E-5'],
  ['0.00244140625', '0.0024414062'],
  ['2097152.25', '2097152.2'],
  ['2097152.75', '2097152.8'],
  ['9999999', '9999999.0'],
  ['1e7', '1.0E7'],
  ['16777216', '1.6777216E7'],
  ['16777218', '1.6777218E7'],
  ['33554432', '3.3554432E7'],
  ['33554434', '3.3554432E7'],
  ['1.0e10', '1.0E10'],
  ['123456789012', '1.23456791E11'],
  ['4.2949673e9', '4.2949673E9'],
  ['9.223372e18', '9.223372E18'],
  ['9.671406556917033e24', '9.6714065E24'],
  ['6.769984589841923e25', '6.7699845E25'],
  ['1e10', '1.0E10'],
  ['3.4028235E38', '3.4028235E38'],
  ['8.88178366760566e-16', '8.8817837E-16'],
  ['-1.5', '-1.5'],
]

suite('text of 64-bit floats', () => {
  for (const [literal, java] of doubles) {
    test(`${literal} is printed as ${java}`, () => {
      assert.equal(doubleText(Number(literal)), java)
      assert.equal(doubleText(-Number(literal)), java.startsWith('-') ? java.slice(1) : `-${java}`)
    })
  }

  test('identifies the number', () => {
    for (let exponent = -1074; exponent < 1024; exponent++) {
      for (const factor of [1, 1.1, 1.75]) {
        const value = factor * 2 ** exponent
        assert.equal(Number(doubleText(value)), value, `${factor} * 2 ** ${exponent}`)
      }
    }
  })

  test('has names for zeros and for what is not a number', () => {
    assert.deepEqual([0, -0, NaN, Infinity, -Infinity].map(doubleText), [
      '0.0',
      '-0.0',
      'NaN',
      'Infinity',
      '-Infinity',
    ])
  })
})

suite('text of 32-bit floats', () => {
  for (const [literal, java] of floats) {
    test(`${literal} is printed as ${java}`, () => {
      assert.equal(floatText(Math.fround(Number(literal))), java)
      assert.equal(
        floatText(-Math.fround(Number(literal))),
        java.startsWith('-') ? java.slice(1) : `-${java}`,
      )
    })
  }

  test('identifies the number', () => {
    for (let exponent = -149; exponent < 128; exponent++) {
      for (const factor of [1, 1.1, 1.75]) {
        const value = Math.fround(factor * 2 ** exponent)
        assert.equal(Math.fround(Number(floatText(value))), value, `${factor} * 2 ** ${exponent}`)
      }
    }
  })

  test('has the digits of the float that is nearest to a double', () => {
    assert.equal(floatText(0.1 + 1e-12), '0.1')
  })

  test('has names for zeros and for what is not a number', () => {
    assert.deepEqual([0, -0, NaN, Infinity, -Infinity].map(floatText), [
      '0.0',
      '-0.0',
      'NaN',
      'Infinity',
      '-Infinity',
    ])
  })
})
