/** The text with decimal digits of all scripts as ASCII ones, as Java reads them: those of the basic plane. */
export function asciiDigits(text: string): string {
  return /^[\u0000-\u007f]*$/.test(text) ? text : text.replaceAll(/\p{Nd}/gu, asciiDigit)
}

/** Digits stand in rows of ten, from zero on. */
function asciiDigit(digit: string): string {
  if (digit.length > 1) return digit
  let start = digit.charCodeAt(0)
  while (/\p{Nd}/u.test(String.fromCharCode(start - 1))) start--
  return String((digit.charCodeAt(0) - start) % 10)
}
