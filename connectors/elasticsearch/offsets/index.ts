export { OffsetTracker } from './offset-tracker.ts'
export { RemadeTopics } from './remade-topics.ts'
