import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileJavaRegex } from '../java-regex.ts'
import { validRegex } from '../setting.ts'

/** Results of `matches` of java.util.regex.Pattern 17. */
const matches: readonly (readonly [pattern: string, text: string, result: boolean])[] = [
  ['a.c', 'abc', true],
  ['a.c', 'a\nc', false],
  ['(?s)a.c', 'a\nc', true],
  ['.', '\r', false],
  ['.', '\u2028', false],
  ['(?i)ABC', 'abC', true],
  ['\\h+', ' \t\u00a0', true],
  ['[\\h]', '\u00a0', true],
  ['\\v', '\u000b', true],
  ['\\s', '\u000b', true],
  ['\\s', '\u00a0', false],
  ['(?=.)\\s', '\u00a0', false],
  ['\\S+', 'ab', true],
  ['\\R', '\r\n', true],
  ['\\e', '\u001b', true],
  ['\\p{Alpha}+', 'abC', true],
  ['\\P{Alpha}', '1', true],
  ['\\p{Punct}+', '!-/:@[`{~', true],
  ['[\\p{Upper}\\d]+', 'A1B', true],
  ['\\p{L}+', 'äß', true],
  ['\\p{IsLatin}+', 'ab', true],
  ['\\w+', 'ä', false],
  ['\\d+', '٣', false],
  ['\\Qa.b\\E', 'a.b', true],
  ['\\Qa.b\\E', 'axb', false],
  ['\\u0041\\x41', 'AA', true],
  ['(?=a)a.', 'ab', true],
  ['(?<!x)ab', 'ab', true],
  ['(a)\\1', 'aa', true],
  ['[]a]', ']', true],
  ['[^]a]', 'b', true],
  ['[a\\]b]', ']', true],
  ['a{2}', 'aa', true],
  ['(?<n>a)b', 'ab', true],
  ['a|b|', '', true],
  ['^a$', 'a', true],
  ['$', '\n', false],
  ['a++a', 'aaa', false],
  ['(?>a+)b', 'aab', true],
  ['[a-z&&[^bc]]', 'a', true],
  ['[a-z&&[^bc]]', 'b', false],
  ['[^a-z&&[^bc]]', 'b', true],
  ['[a-d[m-p]]', 'n', true],
  ['[\\w&&[^\\d_]]+', 'aZ', true],
  ['[\\w&&[^\\d_]]+', 'a1', false],
  ['(?i)[a-z&&[^B]]', 'C', true],
  ['(?i)[a-z&&[^B]]', 'b', false],
  ['[\\p{L}&&[^\\p{Lu}]]', 'ß', true],
  ['(?=a)[a-z&&[^b]]', 'a', true],
  ['(?i)k', '\u212a', false],
  ['(?i:a)b', 'AB', false],
  ['\\p{javaLowerCase}\\p{InGreek}', 'aα', true],
  ['\\h', '\u3000', true],
  ['\\cA', '\u0001', true],
  ['a{1001}', 'a'.repeat(1001), true],
  ['(?:^)*a', 'a', true],
]

test('expressions match the same texts as in Java', () => {
  for (const [pattern, text, result] of matches) {
    assert.equal(compileJavaRegex(pattern).matches(text), result, JSON.stringify([pattern, text]))
  }
})

test('replaceFirst uses the replacement syntax of Java', () => {
  const replacements: readonly (readonly [
    pattern: string,
    replacement: string,
    text: string,
    result: string,
  ])[] = [
    ['(.*)-(.*)', '$2:$1', 'a-b', 'b:a'],
    ['a(b)?c', '[$1]', 'ac', '[]'],
    ['(?<x>.)b', '${x}!', 'ab', 'a!'],
    ['a', '\\$x', 'a', '$x'],
    ['(a)', '$10', 'a', 'a0'],
    ['a', 'x', 'bab', 'bxb'],
    ['b*', '-', 'abc', '-abc'],
    ['(\\d+)', '<$0>', 'a12b34', 'a<12>b34'],
    ['none', 'x', 'abc', 'abc'],
    ['(?=b)(?<x>[a-z&&[^a]])(c)', '${x}-$2', 'abcd', 'ab-cd'],
    ['(a++)(b)', '$2$1', 'aab', 'baa'],
  ]
  for (const [pattern, replacement, text, result] of replacements) {
    assert.equal(compileJavaRegex(pattern).replaceFirst(text, replacement), result)
  }
})

test('a replacement with an invalid reference is rejected with the message of Java', () => {
  const regex = compileJavaRegex('(a)')
  for (const [replacement, message] of [
    ['$2', 'No group 2'],
    ['${x}', 'No group with name {x}'],
    ['$', 'Illegal group reference: group index is missing'],
    ['$x', 'Illegal group reference'],
    ['\\', 'character to be escaped is missing'],
  ] as const) {
    assert.throws(() => regex.replaceFirst('a', replacement), { code: 'HR_ILLEGAL_ARGUMENT', message })
  }
})

test('constructs that no engine supports are rejected with the reason', () => {
  for (const [pattern, reason] of [
    ['\\G', /uses \\G/],
    ['\\X', /uses \\X/],
    ['\\b{g}', /uses \\b\{g\}/],
    ['\\N{DIGIT ONE}', /uses \\N\{DIGIT ONE\}/],
    ['(?x)a', /the flag \(\?x\)/],
    ['(?u:a)', /the flag \(\?u\)/],
    ['(?i)(a)\\1', /a back reference that ignores case/],
  ] as const) {
    assert.throws(() => compileJavaRegex(pattern), { code: 'HR_ILLEGAL_ARGUMENT', message: reason }, pattern)
  }
})

test('invalid patterns are rejected with the messages of Java', () => {
  for (const [pattern, reason] of [
    ['[a', /^Unclosed character class near index 1/],
    ['(a', /^Unclosed group near index 2/],
    ['*', /^Dangling meta character '\*' near index 0\n\*\n\^$/],
    ['\t[', /^Unclosed character class near index 1\n\t\[\n\t\^$/],
    ['😀)', /^Unmatched closing '\)' near index 0\n/],
    ['\\p{gc=Foo}', /^Unknown Unicode property \{name=<gc>, value=<Foo>\} near index 9\n/],
    ['\\p{InFoo}', /^Unknown character property name \{InFoo\} near index 8\n/],
    ['(?<=(a|b)*)', /^Look-behind group does not have an obvious maximum length near index 9\n/],
  ] as const) {
    assert.throws(() => compileJavaRegex(pattern), { code: 'HR_ILLEGAL_ARGUMENT', message: reason }, pattern)
  }
})

test('matching stops at the time limit', () => {
  const text = `${'a'.repeat(5000)}!`
  assert.equal(compileJavaRegex('(a+)+').matches(text), false)
  assert.throws(() => compileJavaRegex('(?=a)(a+)+').matches(text), /took longer than 100 ms/)
})

test('validation rejects an invalid expression', () => {
  assert.equal(validRegex.check('k', 'a.*'), undefined)
  assert.match(validRegex.check('k', '(a') ?? '', /^Invalid value \(a for configuration k: Invalid regex: /)
})

test('a count beyond 31 bits is rejected at the excess digit, and so is a null pattern', () => {
  const check = (pattern: string | null) => validRegex.check('regex', pattern)
  assert.match(String(check('x{99999999999}')), /Illegal repetition range near index 11\n/)
  assert.match(String(check('x{1,2147483648}')), /Illegal repetition range near index 13\n/)
  assert.equal(
    check(null),
    'Invalid value null for configuration regex: Invalid regex: Cannot invoke "String.isEmpty()" because "this.pattern" is null',
  )
})
