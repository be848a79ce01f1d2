import { cases } from './cases.ts'

/** Prints the cases of a file as JSON, without results. */
const make = cases[process.argv[2] ?? '']
if (make === undefined) throw new Error(`usage: print-cases <${Object.keys(cases).join('|')}>`)
console.log(JSON.stringify(make()))
