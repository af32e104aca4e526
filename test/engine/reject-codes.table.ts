// One way to get each reject code, and the figures that come with it. Every row starts from the same desk: day open, small market, account A1
// with Rs 1 crore and no limits. Read: given what, this order is refused with this code, because value stands against limit.
import type { CommandView, RejectCode } from '../../engine/index.ts';
import {
  BANNED,
  BARE,
  cancelOrder,
  EQ,
  exchangeReport,
  FUT,
  market,
  marketRows,
  marks,
  POLICY,
  placeOrder,
  rare,
  replaceOrder,
  T2T,
} from './builders.ts';
import type { Desk } from './desk.ts';
import { FUNDING_REJECT_ROWS } from './funding-rejects.table.ts';

/** `order` is folded after `given`; the verdict must be `code`, and carry `expect` where figures are named. */
export interface RejectRow {
  readonly code: Exclude<keyof typeof RejectCode, 'none'>;
  readonly because: string;
  readonly given?: (desk: Desk) => void;
  readonly order: CommandView;
  readonly body?: object;
  readonly expect?: { readonly value?: number; readonly limit?: number; readonly level?: number };
}

const FIRM = 2;
const CLIENT = 3;
const limit = (limits: object) => (desk: Desk) => void desk.tell('SetLimit', { account: 'A1', ...limits });
const status = (name: string) => (desk: Desk) => void desk.tell('UpdateAccount', { account: 'A1', status: name });
const working = (desk: Desk): void => void desk.send(placeOrder({ id: 'first' }));
const filled = (desk: Desk): void => {
  working(desk);
  desk.send(exchangeReport({ id: 'first', type: 'TRADE', trade: 'T1', quantity: 100, price: 1000 }));
};
/** The next day is open, and its policy takes cover orders with stop-losses 1 to 6 % away, and bracket orders with targets up to 10 %. */
const coversTaken = (desk: Desk): void => {
  desk.tell('CloseDay', { businessDate: 20261120 });
  desk.tell('OpenDay', { businessDate: 20261123, ruleSet: 1, policy: { ...POLICY, coverRange: { least: 100, most: 600 }, targetMost: 1_000 } });
};
/** The future was traded, then a new table came without it. */
const orphaned = (desk: Desk): void => {
  filled(desk);
  desk.load(market(marketRows().filter((row) => row.token !== FUT.token)), 'table-2');
};

export const REJECT_ROWS: readonly RejectRow[] = [
  {
    code: 'dayNotOpen',
    because: 'the day was closed',
    given: (desk) => desk.tell('CloseDay', { businessDate: 20261120 }),
    order: placeOrder({ id: 'x' }),
  },
  { code: 'unknownAccount', because: 'nobody opened B9', order: placeOrder({ id: 'x', account: 'B9' }) },
  { code: 'duplicateClOrdId', because: 'the id was used by command 5', given: working, order: placeOrder({ id: 'first' }), expect: { value: 5 } },
  { code: 'duplicateClOrdId', because: 'a cancel used the id of its order', given: working, order: cancelOrder({ id: 'first', orig: 'first' }) },
  {
    code: 'firmKilled',
    because: 'firm-wide switch',
    given: (desk) => desk.tell('EngageKillSwitch', { scope: 'FIRM', reason: 'drill', by: 'risk' }),
    order: placeOrder({ id: 'x' }),
    expect: { level: FIRM },
  },
  {
    code: 'accountKilled',
    because: 'switch of A1',
    given: (desk) => desk.tell('EngageKillSwitch', { scope: 'ACCOUNT', account: 'A1', reason: 'drill', by: 'risk' }),
    order: placeOrder({ id: 'x' }),
  },
  { code: 'accountNotActive', because: 'frozen', given: status('FROZEN'), order: placeOrder({ id: 'x' }) },
  { code: 'accountNotActive', because: 'closed', given: status('CLOSED'), order: placeOrder({ id: 'x' }) },
  {
    code: 'segmentNotAllowed',
    because: 'only NSE cash is allowed',
    given: (desk) => desk.tell('UpdateAccount', { account: 'A1', segments: [1] }),
    order: placeOrder({ id: 'x' }),
    expect: { value: 2 },
  },
  {
    code: 'segmentClosed',
    because: 'the gate of NFO is closed',
    given: (desk) => desk.tell('SetSegmentState', { segment: 2, state: 'CLOSED', reason: 'no file yet', by: ['night'] }),
    order: placeOrder({ id: 'x' }),
    expect: { value: 2, limit: 1, level: FIRM },
  },
  {
    code: 'segmentClosed',
    because: 'two people let reducing orders in, and there is nothing to reduce',
    given: (desk) => {
      desk.tell('SetSegmentState', { segment: 2, state: 'CLOSED', reason: 'no file yet', by: ['night'] });
      desk.tell('SetSegmentState', { segment: 2, state: 'REDUCE_ONLY', reason: 'exits', by: ['asha', 'ravi'] });
    },
    order: placeOrder({ id: 'x' }),
    expect: { value: 2, limit: 2, level: FIRM },
  },
  {
    code: 'unknownInstrument',
    because: 'token 7 is not in the table',
    order: placeOrder({ id: 'x', of: { segment: 2, token: 7 } }),
    expect: { value: 7 },
  },
  { code: 'parametersMissing', because: 'the contract has no risk array', order: placeOrder({ id: 'x', of: BARE }), expect: { value: 0 } },
  {
    code: 'parametersMissing',
    because: 'A1 holds what the new table lacks',
    given: orphaned,
    order: placeOrder({ id: 'x', of: EQ }),
    expect: { value: 1 },
  },
  {
    code: 'instrumentBanned',
    because: 'ban period and nothing to reduce',
    order: placeOrder({ id: 'x', of: BANNED }),
    expect: { value: 100, limit: 0 },
  },
  { code: 'orderTypeNotAllowed', because: 'good till cancelled', order: placeOrder({ id: 'x', validity: 'GTC' }) },
  { code: 'orderTypeNotAllowed', because: 'a stop cannot be immediate', order: placeOrder({ id: 'x', type: 'STOP', stop: 1000, validity: 'IOC' }) },
  { code: 'orderTypeNotAllowed', because: 'delivery of a future', order: placeOrder({ id: 'x', product: 'CNC' }) },
  { code: 'orderTypeNotAllowed', because: 'carried product in shares', order: placeOrder({ id: 'x', of: EQ, product: 'NRML' }) },
  { code: 'orderTypeNotAllowed', because: 'intraday in a trade-to-trade share', order: placeOrder({ id: 'x', of: T2T, product: 'MIS' }) },
  { code: 'quantityInvalid', because: 'zero', order: placeOrder({ id: 'x', quantity: 0 }), expect: { value: 0 } },
  { code: 'quantityInvalid', because: 'half a share', order: placeOrder({ id: 'x', of: EQ, quantity: 0.5 }) },
  { code: 'quantityInvalid', because: 'not a number', order: placeOrder({ id: 'x', quantity: Number.NaN }) },
  { code: 'lotSize', because: '150 is a lot and a half', order: placeOrder({ id: 'x', quantity: 150 }), expect: { value: 150, limit: 100 } },
  {
    code: 'freezeQuantity',
    because: '10,100 above 10,000',
    order: placeOrder({ id: 'x', quantity: 10_100 }),
    expect: { value: 10_100, limit: 10_000 },
  },
  {
    code: 'priceTick',
    because: 'two paise off the five-paise tick',
    order: placeOrder({ id: 'x', price: 1000.02 }),
    expect: { value: 10_000_200, limit: 500 },
  },
  { code: 'priceTick', because: 'a limit order without price', order: placeOrder({ id: 'x', price: 0 }) },
  {
    code: 'priceBand',
    because: '1,100.05 above 1,100',
    order: placeOrder({ id: 'x', price: 1100.05 }),
    expect: { value: 11_000_500, limit: 11_000_000 },
  },
  { code: 'priceBand', because: '899.95 below 900', order: placeOrder({ id: 'x', price: 899.95 }), expect: { limit: 9_000_000 } },
  { code: 'stopPrice', because: 'a stop order without trigger', order: placeOrder({ id: 'x', type: 'STOP' }) },
  { code: 'stopPrice', because: 'a limit order with trigger', order: placeOrder({ id: 'x', stop: 1000 }), expect: { value: 10_000_000 } },
  {
    code: 'stopPrice',
    because: 'buy stop-limit triggered above its limit',
    order: placeOrder({ id: 'x', type: 'STOP_LIMIT', price: 1000, stop: 1010 }),
  },
  {
    code: 'stopPrice',
    because: 'sell stop-limit triggered below its limit',
    order: placeOrder({ id: 'x', side: 'sell', type: 'STOP_LIMIT', stop: 990 }),
  },
  { code: 'displayQuantity', because: 'shows 200 of 100', order: placeOrder({ id: 'x', shown: 200 }), expect: { value: 200, limit: 100 } },
  {
    code: 'clientOrderQuantity',
    because: '200 above the client’s 100',
    given: limit({ maxOrderQuantity: 100 }),
    order: placeOrder({ id: 'x', quantity: 200 }),
    expect: { value: 200, limit: 100, level: CLIENT },
  },
  {
    code: 'orderValue',
    because: 'Rs 10 crore and 10 lakh above the firm’s 10 crore',
    given: (desk) => desk.account('A1', 10_000_000),
    order: placeOrder({ id: 'x', of: EQ, quantity: 100_000, price: 1010 }),
    expect: { value: 10_100_000_000, limit: 10_000_000_000, level: FIRM },
  },
  {
    code: 'orderValue',
    because: 'one lot is Rs 1,00,000, the client’s limit 99,999',
    given: limit({ maxOrderValue: 9_999_900 }),
    order: placeOrder({ id: 'x' }),
    expect: { value: 10_000_000, limit: 9_999_900, level: CLIENT },
  },
  {
    code: 'openOrderCount',
    because: 'second of one',
    given: (desk) => {
      limit({ maxOpenOrders: 1 })(desk);
      working(desk);
    },
    order: placeOrder({ id: 'x' }),
    expect: { value: 2, limit: 1 },
  },
  {
    code: 'openOrderValue',
    because: 'Rs 1,00,000 working and 1,00,000 more',
    given: (desk) => {
      limit({ maxOpenOrderValue: 15_000_000 })(desk);
      working(desk);
    },
    order: placeOrder({ id: 'x' }),
    expect: { value: 20_000_000, limit: 15_000_000 },
  },
  {
    code: 'positionLimit',
    because: '100 held, 100 more, 150 allowed',
    given: (desk) => {
      limit({ maxNetQuantity: 150 })(desk);
      filled(desk);
    },
    order: placeOrder({ id: 'x' }),
    expect: { value: 200, limit: 150 },
  },
  {
    code: 'positionLimit',
    because: 'gross value of Rs 1,00,000 held and as much again',
    given: (desk) => {
      limit({ maxGrossValue: 15_000_000 })(desk);
      filled(desk);
    },
    order: placeOrder({ id: 'x' }),
    expect: { value: 20_000_000, limit: 15_000_000 },
  },
  {
    code: 'turnoverLimit',
    because: 'Rs 1,00,000 traded and as much again',
    given: (desk) => {
      limit({ maxTurnover: 15_000_000 })(desk);
      filled(desk);
    },
    order: placeOrder({ id: 'x', side: 'sell' }),
    expect: { value: 20_000_000, limit: 15_000_000 },
  },
  {
    code: 'reduceOnly',
    because: 'nothing to reduce',
    given: status('REDUCE_ONLY'),
    order: placeOrder({ id: 'x' }),
    expect: { value: 100, limit: 0 },
  },
  {
    code: 'riskReduction',
    because: 'A1 has used more than nine tenths of what it has',
    given: (desk) => {
      desk.tell('CloseDay', { businessDate: 20261120 });
      const riskReduction = { alertAt: 8_000, enterAt: 9_000, leaveBelow: 8_500 };
      desk.tell('OpenDay', { businessDate: 20261121, ruleSet: 1, policy: { ...POLICY, riskReduction } });
      filled(desk);
      desk.tell('SetCollateral', { account: 'A1', cash: 1, cashEquivalent: 0, nonCash: 0 });
    },
    order: placeOrder({ id: 'x', quantity: 100 }),
    expect: { value: 100, limit: 100, level: FIRM },
  },
  {
    code: 'memberRiskReduction',
    because: '100 futures are held, 100 more are bought while the member may only close at NCL',
    given: (desk) => {
      filled(desk);
      desk.tell('SetMemberMode', { corporation: 'NCL', mode: 'RISK_REDUCTION', reason: '91 % used' });
    },
    order: placeOrder({ id: 'x', quantity: 100 }),
    expect: { value: 100, limit: 100, level: FIRM },
  },
  {
    code: 'lossLimit',
    because: '100 futures bought at 1,000 are marked at 990: Rs 1,000 lost, Rs 1,000 allowed',
    given: (desk) => {
      filled(desk);
      limit({ maxLoss: 100_000 })(desk);
      desk.send(marks([[FUT, 990]]));
    },
    order: placeOrder({ id: 'x', quantity: 100 }),
    expect: { value: 100_000, limit: 100_000, level: CLIENT },
  },
  {
    code: 'insufficientHoldings',
    because: '60 free and 30 of yesterday, 100 sold',
    given: (desk) => desk.tell('SetHoldings', { account: 'A1', ...EQ, free: 60, pledged: 500, t1: 30 }),
    order: placeOrder({ id: 'x', of: EQ, side: 'sell', quantity: 100 }),
    expect: { value: 100, limit: 90 },
  },
  {
    code: 'insufficientMargin',
    because: 'a lot needs Rs 18,500: 15,000 scan and 3,500 exposure; there are 18,499',
    given: (desk) => desk.tell('SetCollateral', { account: 'A1', cash: 1_849_900, cashEquivalent: 0, nonCash: 0 }),
    order: placeOrder({ id: 'x' }),
    expect: { value: 1_850_000, limit: 1_849_900 },
  },
  {
    code: 'sliceExhausted',
    because: 'a lot needs Rs 18,500; the slot may use 18,499 of the member at NCL',
    given: (desk) => desk.tell('GrantSlice', { corporation: 'NCL', number: 1, slice: 1_849_900 }),
    order: placeOrder({ id: 'x' }),
    expect: { value: 1_850_000, limit: 1_849_900, level: FIRM },
  },
  { code: 'unknownOrder', because: 'no order has that id', order: cancelOrder({ id: 'x', orig: 'ghost' }) },
  {
    code: 'unknownOrder',
    because: 'nor for a replace',
    order: replaceOrder({ id: 'x', orig: 'ghost', quantity: 100 }),
  },
  { code: 'tooLateToChange', because: 'filled', given: filled, order: cancelOrder({ id: 'x', orig: 'first' }) },
  {
    code: 'changePending',
    because: 'a replace is on its way',
    given: (desk) => {
      working(desk);
      desk.send(replaceOrder({ id: 'second', orig: 'first', quantity: 200 }));
    },
    order: replaceOrder({ id: 'x', orig: 'first', quantity: 300 }),
  },
  {
    code: 'changePending',
    because: 'a cancel is on its way',
    given: (desk) => {
      working(desk);
      desk.send(cancelOrder({ id: 'second', orig: 'first' }));
    },
    order: cancelOrder({ id: 'x', orig: 'first' }),
  },
  {
    code: 'replaceMismatch',
    because: 'a buy cannot become a sale',
    given: working,
    order: replaceOrder({ id: 'x', orig: 'first', quantity: 200, side: 'sell' }),
  },
  {
    code: 'replaceBelowFilled',
    because: '100 of 200 are filled',
    given: (desk) => {
      desk.send(placeOrder({ id: 'first', quantity: 200 }));
      desk.send(exchangeReport({ id: 'first', type: 'TRADE', trade: 'T1', quantity: 100, price: 1000 }));
    },
    order: replaceOrder({ id: 'x', orig: 'first', quantity: 100 }),
    expect: { value: 100, limit: 100 },
  },
  {
    code: 'stopLossRange',
    because: 'a cover order without stop-loss: none is Rs 1,000 away',
    given: coversTaken,
    order: placeOrder({ id: 'x', product: 'CO' }),
    expect: { value: 10_000_000, limit: 100_000 },
  },
  {
    code: 'linkedOrder',
    because: 'nothing of the entry is filled, so there is nothing to exit',
    given: (desk) => {
      coversTaken(desk);
      desk.send(placeOrder({ id: 'first', product: 'CO', stop: 960 }));
    },
    order: placeOrder({ id: 'x', product: 'CO', type: 'STOP', side: 'sell', stop: 960, entry: 7 }),
    expect: { value: 100, limit: 0 },
  },
  { code: 'lendingNotOffered', because: 'shares are to be lent (SLBS)', order: placeOrder({ id: 'x', of: { segment: 8, token: 1594 } }) },
  {
    code: 'targetRange',
    because: 'the target of a bracket order Rs 101 away, where 10 % is the farthest',
    given: coversTaken,
    order: placeOrder({ id: 'x', product: 'BO', stop: 960, target: 1101 }),
    expect: { value: 1_010_000, limit: 1_000_000 },
  },
  ...FUNDING_REJECT_ROWS,
  { code: 'commandMalformed', because: 'a credit without amount', order: rare('CreditFunds'), body: { account: 'A1', reference: 'r' } },
];

/** Rare commands that are refused: code commandMalformed, nothing changed, and a sentence that says where. */
export const REFUSED_ROWS: readonly {
  readonly kind: 'OpenDay' | 'OpenAccount' | 'SetLimit' | 'SetHoldings' | 'CreditFunds' | 'CloseDay';
  readonly body: unknown;
  readonly says: string;
}[] = [
  { kind: 'OpenAccount', body: undefined, says: 'OpenAccount: is not a map' },
  {
    kind: 'OpenAccount',
    body: { account: 'A2', riskGroup: 'g', status: 'AWAKE', segments: [1], kind: 'CLIENT' },
    says: 'OpenAccount.status must be one of',
  },
  { kind: 'OpenAccount', body: { account: 'A1', riskGroup: 'g', status: 'ACTIVE', segments: [1], kind: 'CLIENT' }, says: 'A1 is open already' },
  {
    kind: 'OpenAccount',
    body: { account: 'A2', riskGroup: 'g', status: 'ACTIVE', segments: [9], kind: 'CLIENT' },
    says: 'OpenAccount.segments must hold',
  },
  { kind: 'SetLimit', body: { account: 'A1', maxOpenOrders: 1, maxTurnover: -5 }, says: 'SetLimit.maxTurnover must be an integer' },
  {
    kind: 'SetHoldings',
    body: { account: 'A1', segment: 2, token: 5, free: 1, pledged: 0, t1: 0 },
    says: 'SetHoldings.segment must be a cash segment',
  },
  { kind: 'CreditFunds', body: { account: 'A1', amount: '100', reference: 'r' }, says: 'CreditFunds.amount must be an integer' },
  { kind: 'CreditFunds', body: { account: 'ZZ', amount: 100, reference: 'r' }, says: 'ZZ is not an account of this slot' },
  { kind: 'OpenDay', body: { businessDate: 20261121, ruleSet: 1 }, says: 'OpenDay.policy: is not a map' },
  {
    kind: 'OpenDay',
    body: { businessDate: 20261121, ruleSet: 7, policy: { cashRateFloor: 0, spanMultiplier: 10_000, maxOrderValue: 0, confirmWithin: 1 } },
    says: 'OpenDay.ruleSet 7 is not known to this release, which knows 1',
  },
  { kind: 'CloseDay', body: { businessDate: 20261119 }, says: 'is not the open day 20261120' },
];
