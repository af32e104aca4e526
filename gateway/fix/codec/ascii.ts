// Byte values and small conversions the codec speaks in. FIX text is one byte a character; nothing here decodes UTF-8.

/** Field delimiter of FIX (start of heading). */
export const SOH = 1;
/** ASCII codes the codec compares with. */
export const EQUALS = 0x3d;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const COLON = 0x3a;
export const ZERO = 0x30;
export const NINE = 0x39;
export const YES = 0x59;

/** Bytes of an ASCII text, one byte a character (higher code units are cut to 8 bits). */
export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Text of bytes [start, end), one character a byte. Allocates. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}
