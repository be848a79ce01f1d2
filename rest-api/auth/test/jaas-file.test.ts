import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jaasEntry } from '../jaas-file.ts'

const text = `// who may enter
Other { a.B optional; };
/* several
   lines */
KafkaConnect {
  x.PropertyFileLoginModule required
  file="/etc/with \\"quotes\\".properties" debug=true;
};`

test('jaasEntry returns the login modules of the given entry only', () => {
  const modules = jaasEntry(text, 'KafkaConnect', 'key')

  assert.deepEqual(
    modules?.map(({ className, options }) => [className, [...options]]),
    [
      [
        'x.PropertyFileLoginModule',
        [
          ['file', '/etc/with "quotes".properties'],
          ['debug', 'true'],
        ],
      ],
    ],
  )
  assert.equal(jaasEntry(text, 'Nobody', 'key'), undefined)
})

test('a syntax error names the line but not the text', () => {
  assert.throws(
    () => jaasEntry('A {\n m.X required secret "s3cret";\n};', 'A', 'key'),
    (error: Error) => {
      assert.match(error.message, /in line 2 of the JAAS file/)
      assert.doesNotMatch(error.message, /s3cret/)
      return true
    },
  )
})
