// What is read from a SPAN file, whatever its packing, order of children and line ends.
import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { bhavcopyHeader, loadRiskParameters, readSpanFile, type SpanFile } from '../../../workers/reference/index.ts';
import { array, scratch, spanText } from './fixtures.ts';

const { write } = scratch();
const text = spanText();

async function read(name: string, content: string | Uint8Array): Promise<SpanFile> {
  return readSpanFile(write(name, content));
}

const withoutSource = ({ source: _source, ...rest }: SpanFile): object => rest;

describe('a SPAN file', () => {
  test('gives contracts in paise and ticks, tiers, spreads and dates', async () => {
    const file = await read('plain.spn', text);
    expect(file).toMatchObject({ created: '202611200900', date: 20261120, isSettlement: false });
    const [clearing] = file.clearing;
    expect(clearing?.clearingOrg).toBe('TESTCC');
    const call = clearing?.products[2]?.contracts[0];
    expect(call).toMatchObject({ kind: 'CE', expiry: 20261126, strike: 10_000_000, price: 35.1, delta: 0.55, scaling: 1, valueFactor: 1 });
    expect(call?.riskArray).toEqual([-1120, -1020, -920, -820, -720, -620, -520, -420, -320, -220, -120, -20, 80, 180, 280, 380]);
    expect(clearing?.products[0]).toMatchObject({ type: 'PHY', exchange: 'TST', physicalPrice: 1000, priceScan: 150, volScan: 0.1 });
    expect(clearing?.commodities[0]).toMatchObject({
      symbol: 'ALPHA',
      scanTiers: [{ tier: 1, from: 20261126, to: 20261231 }],
      spreads: [{ priority: 1, method: 'F', rate: 22 }],
    });
  });

  test('reads the same plain, gzipped and zipped', async () => {
    const bytes = strToU8(text, true);
    const plain = withoutSource(await read('same.spn', bytes));
    expect(withoutSource(await read('same.spn.gz', gzipSync(bytes)))).toEqual(plain);
    expect(withoutSource(await read('same.zip', zipSync({ 'nsccl.spn': bytes })))).toEqual(plain);
  });

  test.each([
    ['CRLF line ends', text.replaceAll('\n', '\r\n')],
    ['no white space at all', text.replaceAll('\n', '')],
    ['commodities before the exchange', spanText({ commodityFirst: true })],
    [
      'unknown tags, also nested and with children named like known ones',
      text.replace('<series>', '<extra><pe>x</pe><opt><k>1</k></opt></extra><series><odd/>'),
    ],
    ['comments between elements', text.replaceAll('<ra>', '<!-- an array <a> -- here --><ra>')],
    ['attributes', text.replaceAll('<opt>', '<opt id="7">')],
    [
      'the series date after its options',
      text.replace('<series><pe>20261126</pe>', '<series>').replace('</opt></series>', '</opt><pe>20261126</pe></series>'),
    ],
  ])('does not mind %s', async (_what, variant) => {
    expect(withoutSource(await read('variant.spn', variant))).toEqual(withoutSource(await read('plain.spn', text)));
  });

  test('a chunk boundary may fall anywhere', async () => {
    // Padding moves the boundary of the 256 KiB chunks across every byte of an element.
    const plain = withoutSource(await read('plain.spn', text));
    const element = text.indexOf('<opt>');
    for (let cut = 0; cut < 80; cut += 7) {
      const padding = `<!--${' '.repeat(262_144 - element - 20 - cut)}-->`;
      expect(withoutSource(await read('cut.spn', text.replace('<spanFile>', `<spanFile>${padding}`)))).toEqual(plain);
    }
  });

  test('names with an ampersand, escaped or bare', async () => {
    for (const name of ['M&amp;M', 'M&M', 'M&#38;M']) {
      const table = await loadRiskParameters({ span: write('mm.spn', text.replaceAll('ALPHA', name)) });
      expect(table.underlyingName(0)).toBe('M&M');
    }
  });

  test('of several risk rates the first array counts', async () => {
    const second = text.replaceAll('</ra>', `</ra><ra><r>2</r>${array(999)}<d>9</d></ra>`);
    expect(withoutSource(await read('rates.spn', second))).toEqual(withoutSource(await read('plain.spn', text)));
  });
});

describe('what other exchanges print', () => {
  test('value factors and delta scaling: contract before series before family', async () => {
    const scaled = text
      .replace(
        '<oopPf><pfId>3</pfId><pfCode>ALPHA</pfCode><exercise>EURO</exercise><cvf>1.00</cvf>',
        '<oopPf><pfId>3</pfId><pfCode>ALPHA</pfCode><cvf>10</cvf>',
      )
      .replace('<v>0.30</v><sc>1.0</sc>', '<v>0.30</v><sc>2.0</sc><cvf>50</cvf>')
      .replace('<o>P</o>', '<o>P</o><cvf>100</cvf><sc>4</sc>')
      .replace('<pfType>OOP</pfType><sc>1.0</sc>', '<pfType>OOP</pfType><sc>0.5</sc>');
    const table = await loadRiskParameters({ span: write('scaled.spn', scaled) });
    const [call, put] = [2, 3].map((token) => table.find(2, token + 1));
    // Rupees 35.10 x 50 and 30.05 x 100, in paise; deltas .55 x 2 x .5 and -.45 x 4 x .5.
    expect([call, put].map((row) => table.price[row ?? -1])).toEqual([175_500, 300_500]);
    expect([call, put].map((row) => table.delta[row ?? -1])).toEqual([5_500, -9_000]);
  });

  test('options on futures, months as expiries, spot charges, credits, scanning spreads, minimums', async () => {
    const rich = spanText({
      between: `<dSpread><spread>2</spread><chargeMeth>P</chargeMeth><rate><r>1</r><val>55</val></rate>
        <tLeg><cc>ALPHA</cc><tn>0</tn><rs>A</rs><i>2</i></tLeg><tLeg><cc>BETA</cc><tn>0</tn><rs>B</rs><i>1</i><rate><r>1</r><val>0.4</val></rate></tLeg></dSpread>
        <dSpread><spread>1</spread><chargeMeth>F</chargeMeth><rate><val>7</val></rate><tLeg><cc>ALPHA</cc><tn>1</tn><rs>A</rs><i>1</i></tLeg><tLeg><cc>BETA</cc><tn>1</tn><rs>B</rs><i>1</i></tLeg></dSpread>
        <sSpread><spread>3</spread><rate><r>1</r><val>0.7</val></rate><sLeg><cc>ALPHA</cc><isTarget>1</isTarget><isRequired>1</isRequired><i>1</i></sLeg>
        <sLeg><cc>BETA</cc><isTarget>0</isTarget><isRequired>0</isRequired></sLeg></sSpread>`,
    })
      .replaceAll('oopPf>', 'oofPf>')
      .replace('OOP', 'OOF')
      .replace('<sPe>20261126</sPe><ePe>20261231</ePe>', '<sPe>202611</sPe><ePe>202612</ePe>')
      .replace('<somTiers><tier><tn>0</tn><rate><r>1</r><val>0</val>', '<somTiers><tier><tn>0</tn><rate><r>1</r><val>12.5</val>')
      .replace(
        '<dSpread><spread>1</spread><chargeMeth>F',
        '<spotRate><r>1</r><pe>20261126</pe><sprd>3.5</sprd><outr>9</outr></spotRate><adjRate><r>1</r><baseR>1</baseR><val>1.1</val></adjRate><dSpread><spread>1</spread><chargeMeth>F',
      );
    const table = await loadRiskParameters({ span: write('rich.spn', rich) });
    const [commodity] = table.details.commodities;
    expect(commodity).toMatchObject({
      scanTiers: [{ tier: 1, from: 20261100, to: 20261299 }],
      spotCharges: [{ expiry: 20261126, spreadRate: 3.5, outrightRate: 9 }],
      shortOptionMinimum: [{ tier: 0, rate: 12.5 }],
      adjustment: 1.1,
    });
    const [clearing] = table.details.clearing;
    expect(clearing?.interSpreads.map(({ priority, method, rate }) => ({ priority, method, rate }))).toEqual([
      { priority: 1, method: 'F', rate: 7 },
      { priority: 2, method: 'P', rate: 0.55 },
    ]);
    expect(clearing?.interSpreads[1]?.legs[1]).toMatchObject({ commodity: 'BETA', ratio: 1, rate: 0.4 });
    expect(clearing?.scanningSpreads[0]?.legs).toEqual([
      { commodity: 'ALPHA', isTarget: true, required: true, ratio: 1, rate: 0.7 },
      { commodity: 'BETA', isTarget: false, required: false, ratio: 1, rate: 0.7 },
    ]);
    expect(table.somRate[0]).toBe(12_500_000);
    expect(table.calendarRateMax[0]).toBe(22_000_000);
  });

  test('a product named otherwise than its commodity is found by both names', async () => {
    const alias = text.replace('<pfId>3</pfId><pfCode>ALPHA</pfCode>', '<pfId>3</pfId><pfCode>ALPHAOPT</pfCode>');
    const header = bhavcopyHeader().split(',').slice(0, 29).join(',');
    const row = (token: number, symbol: string): string =>
      `2026-11-19,2026-11-19,FO,BSE,SO,${token},,${symbol},,2026-11-26,2026-11-26,1000.00,CE,${symbol}CE,0,0,0,35.10,0,33.00,990.00,36.00,0,0,0,0,0,F1,250`;
    const bhavcopyFo = write('alias.csv', [header, row(1, 'ALPHA'), row(2, 'ALPHAOPT')].join('\n'));
    const table = await loadRiskParameters({ span: write('alias.spn', alias), bhavcopyFo });
    for (const token of [1, 2]) expect(table.price[table.find(5, token)]).toBe(3510);
  });

  test('a contract outside every scan tier is scanned by itself', async () => {
    const narrow = text.replace('<ePe>20261231</ePe>', '<ePe>20261130</ePe>');
    const table = await loadRiskParameters({ span: write('narrow.spn', narrow) });
    expect(table.tierCount[0]).toBe(2);
    const far = table.find(2, 2);
    expect([table.expiry[far], table.scanTier[far]]).toEqual([20261231, 1]);
  });
});
