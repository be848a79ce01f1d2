import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expression } from '../expression.ts'
import { compileExpression } from '../engine.ts'

const run = (text: string, input: unknown = {}, timeoutMs = 5000) =>
  compileExpression(text, { timeoutMs })(input)

test('an endless loop stops at the timeout', async () => {
  await assert.rejects(
    run('($f := function(){$f()}; $f())', {}, 50),
    /Evaluation timeout after 50 milliseconds/,
  )
})

test('recursion stops at the maximum depth', async () => {
  await assert.rejects(run('($f := function($n){1 + $f($n + 1)}; $f(0))'), /Stack overflow/)
})

test('expressions that would allocate too much memory fail', async () => {
  await assert.rejects(run('$count([1..10000000])'), /maximum sequence length/)
  await assert.rejects(run('$pad("x", 1000000000)'), /\$pad accepts a width of at most 100000/)
  assert.equal(await run('$pad("x", -3, "0")'), '00x')
})

test('regular expressions run in linear time', async () => {
  assert.equal(await run('$contains(text, /^(a+)+$/)', { text: `${'a'.repeat(50_000)}!` }), false)
  assert.deepEqual(await run('$match(text, /(\\d+)-(\\w)/i).groups', { text: 'x 12-b' }), ['12', 'b'])
  assert.equal(await run('$replace(text, /[aeiou]/, "_")', { text: 'headrace' }), 'h__dr_c_')
  assert.deepEqual(await run('$split(text, /, */)', { text: 'a, b,c' }), ['a', 'b', 'c'])
})

test('a regular expression that cannot run in linear time is rejected, even in $eval', async () => {
  assert.throws(() => compileExpression('$match(text, /(?=a)b/)', { timeoutMs: 1000 }), {
    code: 'HR_CONFIG_INVALID',
    message: /cannot be run in linear time/,
  })
  await assert.rejects(run(String.raw`$eval("$match('aa', /(a)\\1/)")`), /cannot be run in linear time/)
})

test('$toMillis limits the length of its input', async () => {
  assert.equal(await run('$toMillis("1970-01-01T00:00:01Z")'), 1000)
  await assert.rejects(
    run('$toMillis(text, "[Y][M][D][H][m][s]")', { text: '1'.repeat(10_000) }),
    /\$toMillis accepts a string length of at most 200/,
  )
})

test('the transform operator keeps the input and bigints intact', async () => {
  const input = { a: { n: 2n ** 60n, x: 1 } }
  assert.deepEqual(await run('$ ~> |a|{"x": 2}|', input), { a: { n: 2n ** 60n, x: 2 } })
  assert.deepEqual(input, { a: { n: 2n ** 60n, x: 1 } })
})

test('keys of the data do not pollute prototypes', async () => {
  const input = JSON.parse(
    '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
  ) as unknown
  await run('$ ~> |$|{"y": 1}|', input)
  await run('$merge([$, {"a": 1}])', input)
  assert.equal(({} as { polluted?: number }).polluted, undefined)
})

test('validation rejects an invalid expression and reports the position of the error', () => {
  const check = expression.config.expression.validate.check
  assert.equal(check('transforms.e.expression', '{"value": 1}'), undefined)
  const fault = check('transforms.e.expression', '{"value": }')
  assert.match(fault ?? '', /^Invalid value for configuration transforms\.e\.expression: .* at character 11$/)
  assert.match(check('k', '$match("a", /(?<!b)a/)') ?? '', /cannot be run in linear time/)
  assert.match(check('k', '('.repeat(200_000)) ?? '', /longer than 100000 characters/)
})
