import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseJaas } from '../jaas.ts'

const options = (text: string) => ({ ...parseJaas('sasl.jaas.config', `org.example.Module ${text}`).options })

test('escapes, comments and quoted names are parsed as in Java', () => {
  for (const [text, expected] of [
    [String.raw`required p="a\nb" q="a\tb" r="a\101b";`, { p: 'a\nb', q: 'a\tb', r: 'aAb' }],
    [
      String.raw`required p="a\1b" q="\18" r="\777" s="\3777";`,
      { p: 'a\u0001b', q: '\u00018', r: '?7', s: '\u00ff7' },
    ],
    [String.raw`required p="\x\e\"\\" q='it\'s' r='a"b';`, { p: 'xe"\\', q: "it's", r: 'a"b' }],
    ['required /* x */ p="1" // y\n q="2";', { p: '1', q: '2' }],
    ['required p="a//b" q="/*x*/";', { p: 'a//b', q: '/*x*/' }],
    [`"required" "p q"='1';`, { 'p q': '1' }],
    ['required p=a//b\n;', { p: 'a' }],
    ['required p=true q=$x; // end', { p: 'true', q: '$x' }],
  ] as const) {
    assert.deepEqual(options(text), expected, text)
  }
  assert.equal(parseJaas('k', '// c\n"org.example.A$B" optional;').loginModule, 'org.example.A$B')
})

test('text that Java rejects is rejected with the reason and without the text', () => {
  for (const [text, reason] of [
    ['required p=12;', /option 1/],
    ['required p="1" q=a-b.c/d;', /semicolon at the end is missing/],
    ['required p="1" q;', /option 2/],
    [`required p="secret\nb";`, /semicolon at the end is missing/],
    ['required p="1"; org.example.Module required;', /one login module/],
    ['needed p="1";', /required, requisite/],
    ['required p="secret', /semicolon at the end is missing/],
    ['required p="1",q="2";', /option 2/],
  ] as const) {
    assert.throws(
      () => options(text),
      (error: Error) => reason.test(error.message) && !error.message.includes('secret'),
      text,
    )
  }
})
