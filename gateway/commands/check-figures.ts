// The figures of one check as a person reads them. Knows the unit of each check's value and limit; checks that only look something up have none
// to show. Computes nothing.

/** How a check's two numbers read: paise, ticks of 1/10,000 rupee, or a plain number of units or orders. */
type Unit = 'paise' | 'ticks' | 'number';

const TICKS_PER_RUPEE = 10_000;
const PAISE_PER_RUPEE = 100;

/** Unit, and whether a limit of 0 means that there is none. Of positionLimit the unit depends on which of two limits it met. */
const FIGURES: Readonly<Record<string, { readonly unit: Unit; readonly zeroIsNone?: boolean }>> = {
  lotSize: { unit: 'number' },
  freezeQuantity: { unit: 'number', zeroIsNone: true },
  quantityInvalid: { unit: 'number' },
  replaceBelowFilled: { unit: 'number' },
  displayQuantity: { unit: 'number' },
  clientOrderQuantity: { unit: 'number', zeroIsNone: true },
  insufficientHoldings: { unit: 'number' },
  openOrderCount: { unit: 'number', zeroIsNone: true },
  positionLimit: { unit: 'number', zeroIsNone: true },
  priceTick: { unit: 'ticks' },
  priceBand: { unit: 'ticks', zeroIsNone: true },
  stopPrice: { unit: 'ticks' },
  orderValue: { unit: 'paise', zeroIsNone: true },
  openOrderValue: { unit: 'paise', zeroIsNone: true },
  turnoverLimit: { unit: 'paise', zeroIsNone: true },
  fundingLimit: { unit: 'paise' },
  fundingExhausted: { unit: 'paise' },
  insufficientMargin: { unit: 'paise' },
};

/** "Rs 1,560.20 against Rs 5,00,000.00 (client)"; '' where a check has no figures. */
export function checkFigures(check: string, value: number, limit: number, level: string): string {
  const shown = FIGURES[check];
  if (shown === undefined || (value === 0 && limit === 0)) return '';
  const against = limit === 0 && shown.zeroIsNone === true ? 'no limit' : `against ${amount(shown.unit, limit)}`;
  return `${amount(shown.unit, value)} ${against}${level === '' || against === 'no limit' ? '' : ` (${level})`}`;
}

/** Paise as "Rs 1,00,000.00". */
export function rupees(paise: number): string {
  return `Rs ${(paise / PAISE_PER_RUPEE).toLocaleString('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function amount(unit: Unit, value: number): string {
  if (unit === 'paise') return rupees(value);
  if (unit === 'number') return value.toLocaleString('en-IN');
  return `Rs ${(value / TICKS_PER_RUPEE).toLocaleString('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 4 })}`;
}
