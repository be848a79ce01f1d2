export { BoxedInteger, isBoxedInteger, type BoxedIntegerType } from './boxed-integer.ts'
export { Decimal, isDecimal } from './decimal.ts'
export { asciiDigits } from './digits.ts'
export { Float32, Float64, int64, isFloat32, isFloat64, schemalessFloat } from './floats.ts'
