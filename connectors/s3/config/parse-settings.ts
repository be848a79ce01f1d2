export { isWellFormed, parseSettings, settingText } from '../../../java/index.ts'
