// A Logon and an order as bytes in a file, for trying FIX by hand with nc: framed, summed and timed now, as an OMS of one would send them.

/** Session of whoever tries by hand. */
export const HAND_COMP_ID = 'HAND';

/** What to order. */
export interface HandOrder {
  readonly account: string;
  readonly symbol: string;
  readonly segment: string;
  readonly quantity: number;
  readonly price: string;
}

/** Logon with reset numbers, then one limit order to buy; `now` in milliseconds since 1970. */
export function handOrderBytes(order: HandOrder, now: number): string {
  const time = new Date(now).toISOString().replaceAll('-', '').replace('T', '-').replace('Z', '');
  const logon = frame(`35=A|34=1|49=${HAND_COMP_ID}|52=${time}|56=TARAZU|98=0|108=30|141=Y|`);
  const { account, symbol, segment, quantity, price } = order;
  const body = `11=H${now.toString(36)}|1=${account}|55=${symbol}|207=${segment}|54=1|38=${quantity}|40=2|44=${price}|60=${time}|`;
  return logon + frame(`35=D|34=2|49=${HAND_COMP_ID}|52=${time}|56=TARAZU|${body}`);
}

/** Adds BeginString, BodyLength and CheckSum; bars become delimiters. */
function frame(bars: string): string {
  const inner = bars.replaceAll('|', '\x01');
  const text = `8=FIX.4.4\x019=${inner.length}\x01${inner}`;
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i);
  return `${text}10=${`${sum % 256}`.padStart(3, '0')}\x01`;
}
