/** Replaces decimal digits of all scripts with ASCII digits, as in Java. Only in the basic multilingual plane. */
export function asciiDigits(text: string): string {
  return /^[\u0000-\u007f]*$/.test(text) ? text : text.replaceAll(/\p{Nd}/gu, asciiDigit)
}

/** Unicode encodes digits in blocks of ten, starting with zero. */
function asciiDigit(digit: string): string {
  if (digit.length > 1) return digit
  let start = digit.charCodeAt(0)
  while (/\p{Nd}/u.test(String.fromCharCode(start - 1))) start--
  return String((digit.charCodeAt(0) - start) % 10)
}
