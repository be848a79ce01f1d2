export { runToEnd, startChild, stopAllChildren, stopOnSignal, untilLogged } from './child.ts'
export type { Child, Ending, SystemUser } from './child.ts'
export { workFolder } from './guard.ts'
export { freePorts, isPortTaken } from './ports.ts'
