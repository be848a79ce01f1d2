export { boundedPreviews } from './bounded.ts'
export type { Preview, PreviewRequest, Sample, SamplePart } from './protocol.ts'
export { walkFromSource, walkToSink } from './walk.ts'
