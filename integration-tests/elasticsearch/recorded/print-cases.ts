import { documentCases } from './cases.ts'

for (const one of documentCases()) console.log(JSON.stringify(one))
