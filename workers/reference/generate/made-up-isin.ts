// ISINs of made-up securities: of the right length and shape, with the right check digit (ISO 6166), so that whoever checks them takes them.

/** Equity ISIN of a made-up issuer: `issuer` 0 to 999 and a capital letter. */
export function madeUpIsin(issuer: number, letter: string): string {
  const body = `INE${String(issuer).padStart(3, '0')}${letter}01010`.slice(0, 11);
  return `${body}${checkDigit(body)}`;
}

/** Letters count 10 to 35, two digits each; from the right every other digit is doubled; the sum's complement to ten. */
function checkDigit(body: string): number {
  const digits = [...body].flatMap((character) => [...String(Number.parseInt(character, 36))].map(Number));
  const sum = digits.reverse().reduce((total, digit, at) => {
    const counted = at % 2 === 0 ? digit * 2 : digit;
    return total + (counted > 9 ? counted - 9 : counted);
  }, 0);
  return (10 - (sum % 10)) % 10;
}
