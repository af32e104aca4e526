// Shared by the reference tests: a scratch directory per test file, small hand-made SPAN files with invented numbers, day options.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { DayOptions } from '../../../workers/reference/index.ts';
import { ReferenceFileError } from '../../../workers/reference/index.ts';

/** A directory that is removed after the test file; returns a writer of files into it. */
export function scratch(): { directory: string; write: (name: string, content: string | Uint8Array) => string } {
  const directory = mkdtempSync(join(tmpdir(), 'tarazu-reference-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return {
    directory,
    write: (name, content) => {
      const path = join(directory, name);
      writeFileSync(path, content);
      return path;
    },
  };
}

/** Six underlyings, few strikes: a day that generates and loads in a blink. */
export const SMALL: DayOptions = { seed: 7, date: 20261120, clients: 12, underlyings: 6, strikes: 5, versions: 2 };

/** The ReferenceFileError of a rejected promise, with the scratch directory cut from the message. */
export async function faultOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ReferenceFileError) return error.message.replaceAll(/(^|\s)\/[^\s:]*\//g, '$1');
    throw error;
  }
  return 'nothing was refused';
}

/** Sixteen entries whose first is `first` rupees and whose k-th is k rupees more. */
export function array(first: number): string {
  return Array.from({ length: 16 }, (_, s) => `<a>${(first + s).toFixed(2)}</a>`).join('');
}

/** Parts of a SPAN file that a test may replace. */
export interface SpanParts {
  readonly head?: string;
  readonly exchange?: string;
  readonly commodity?: string;
  readonly between?: string;
  /** ccDef before exchange, as some publishers print it. */
  readonly commodityFirst?: boolean;
}

const EXCHANGE = `<exch>TST</exch>
<phyPf><pfId>1</pfId><pfCode>ALPHA</pfCode><cvf>1.00</cvf><valueMeth>EQTY</valueMeth>
<phy><cId>1</cId><pe>00000000</pe><p>1000.00</p><scanRate><r>1</r><priceScan>150.00</priceScan><volScan>0.10</volScan></scanRate></phy></phyPf>
<futPf><pfId>2</pfId><pfCode>ALPHA</pfCode><cvf>1.00</cvf><valueMeth>FUT</valueMeth><undPf><exch>TST</exch><pfId>1</pfId><s>B</s><i>1.0</i></undPf>
<fut><cId>1</cId><pe>20261126</pe><p>1005.00</p><d>1.0</d><ra><r>1</r>${array(0.4)}<d>1.0</d></ra></fut>
<fut><cId>2</cId><pe>20261231</pe><p>1011.00</p><d>1.0</d><ra><r>1</r>${array(0.5)}<d>1.0</d></ra></fut></futPf>
<oopPf><pfId>3</pfId><pfCode>ALPHA</pfCode><exercise>EURO</exercise><cvf>1.00</cvf><valueMeth>EQTY</valueMeth>
<series><pe>20261126</pe><v>0.30</v><sc>1.0</sc><intrRate><val>0.06</val></intrRate>
<opt><cId>1</cId><o>C</o><k>1000.00</k><p>35.10</p><d>0.55</d><v>0.31</v><ra><r>1</r>${array(-11.2)}<d>0.55</d></ra></opt>
<opt><cId>2</cId><o>P</o><k>1000.00</k><p>30.05</p><d>-0.45</d><ra><r>1</r>${array(-9.99)}<d>-0.45</d></ra></opt></series></oopPf>`;

const COMMODITY = `<ccDef><cc>ALPHA</cc><name>ALPHA</name><currency>INR</currency><wfprMeth>NORMAL</wfprMeth><somMeth>GROSS</somMeth>
<pfLink><exch>TST</exch><pfId>1</pfId><pfType>PHY</pfType><sc>1.0</sc></pfLink>
<pfLink><exch>TST</exch><pfId>2</pfId><pfType>FUT</pfType><sc>1.0</sc></pfLink>
<pfLink><exch>TST</exch><pfId>3</pfId><pfType>OOP</pfType><sc>1.0</sc></pfLink>
<scanTiers><tier><tn>1</tn><sPe>20261126</sPe><ePe>20261231</ePe></tier></scanTiers><intraTiers/>
<somTiers><tier><tn>0</tn><rate><r>1</r><val>0</val></rate></tier></somTiers>
<dSpread><spread>1</spread><chargeMeth>F</chargeMeth><rate><r>1</r><val>22.000000</val></rate>
<pLeg><cc>ALPHA</cc><pe>20261126</pe><rs>A</rs><i>1.0</i></pLeg><pLeg><cc>ALPHA</cc><pe>20261231</pe><rs>B</rs><i>1.0</i></pLeg></dSpread></ccDef>`;

/** A whole SPAN file of one commodity, ALPHA. */
export function spanText(parts: SpanParts = {}): string {
  const exchange = `<exchange>${parts.exchange ?? EXCHANGE}</exchange>`;
  const commodity = parts.commodity ?? COMMODITY;
  const body = parts.commodityFirst ? `${commodity}\n${exchange}` : `${exchange}\n${commodity}`;
  return `<?xml version="1.0" encoding="ISO-8859-1"?>
<spanFile><fileFormat>4.00</fileFormat><created>202611200900</created><definitions/>
<pointInTime><date>20261120</date><isSetl>0</isSetl><setlQualifier>early</setlQualifier>
<clearingOrg><ec>TESTCC</ec><name>TEST</name>${parts.head ?? ''}
${body}
<interSpreads>${parts.between ?? ''}</interSpreads>
</clearingOrg></pointInTime></spanFile>
`;
}
