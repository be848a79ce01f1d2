export { explainRefusal } from './explain-refusal.ts'
export { inferMapping } from './infer-mapping.ts'
