import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConnectorFile } from '../connector-file.ts'

const read = (text: string) => parseConnectorFile(text, 'c.json')
const refused = (text: string, message: RegExp) => assert.throws(() => read(text), { message })

test('a property file is parsed as a connector', () => {
  assert.deepEqual(read('name=a\nfile = in.txt\n'), {
    name: 'a',
    config: { name: 'a', file: 'in.txt' },
    initialState: undefined,
  })
})

test('a byte order mark is not part of the first key', () => {
  assert.equal(read('\ufeffname=a\nfile=x').name, 'a')
})

test('a flat JSON object is parsed as a connector, and numbers keep their digits', () => {
  assert.deepEqual(
    read('\ufeff {"name": "a", "ratio": 1.50, "big": 9007199254740993, "on": true, "none": null}'),
    {
      name: 'a',
      config: { name: 'a', ratio: '1.50', big: '9007199254740993', on: 'true', none: null },
      initialState: undefined,
    },
  )
})

test('the body of a create request is parsed as a connector, and unknown fields are ignored', () => {
  assert.deepEqual(read('{"name":"a","config":{"tasks.max":2},"initial_state":"paused","tasks":[]}'), {
    name: 'a',
    config: { 'tasks.max': '2', 'name': 'a' },
    initialState: 'PAUSED',
  })
})

test('an invalid file throws an error that names the problem', () => {
  refused('file=x', /^c\.json: the setting name is missing$/)
  refused('{"file":"x"}', /^c\.json: the setting name is missing$/)
  refused('{"name":"a",', /^c\.json:1:13: Not valid JSON: /)
  refused('[1]', /^c\.json: expected a JSON object/)
  refused(
    '{"name":"a","topics":["x"]}',
    /^c\.json: "topics" is an array, expected a string, number, boolean or null; write a list as one string/,
  )
  refused(
    '{"name":"a","config":{"topics":["x"]}}',
    /^c\.json: "config.topics" is an array, expected a string/,
  )
  refused('{"name":"a","transforms":{"a":1}}', /^c\.json: "transforms" is an object, expected a string/)
  refused('{"name":"a","config":[]}', /^c\.json: "config" is an array, expected a string/)
  refused('{\n  "name": "a",\r\n  "tasks.max": 1,,\n}', /^c\.json:3:18: Not valid JSON: /)
  refused('\ufeff{"name":"a"} x', /^c\.json:1:14: Not valid JSON: /)
  refused('{"config":{"file":"x"}}', /^c\.json: "name" is missing$/)
  refused('{"name":"a","config":{"name":"b"}}', /^c\.json: "name" is 'a', but the setting name is 'b'$/)
  refused(
    '{"name":"a","config":{},"initial_state":"GONE"}',
    /"initial_state" is 'GONE', expected one of RUNNING/,
  )
})

test('the key __proto__ is an ordinary key', () => {
  const { config } = read('{"name":"a","__proto__":"x"}')
  assert.deepEqual(Object.keys(config), ['name', '__proto__'])
  assert.equal(Object.getPrototypeOf(config), Object.prototype)
})
