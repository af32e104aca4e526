// A SPAN file of one stock with two futures and two options, invented figures in the real shape, for tests of the command line.

const FUTURE = [0.4, 0.4, -50, -50, 50, 50, -100, -100, 100, 100, -150, -150, 150.5, 150.5, -105, 105];
const CALL = [-1, 1, -30, -28, 20, 22, -60, -58, 30, 31, -100, -99, 35.1, 35.1, -70, 12];
const PUT = [-1, 1, 12, 14, -30, -28, 20, 20, -60, -58, 25, 25, -110, -109, 10, -70];

const array = (values: readonly number[], delta: number): string =>
  `<ra><r>1</r>${values.map((value) => `<a>${value.toFixed(2)}</a>`).join('')}<d>${delta}</d></ra>`;
const future = (id: number, expiry: number, price: number): string =>
  `<fut><cId>${id}</cId><pe>${expiry}</pe><p>${price}</p><d>1.0</d><t>0.08</t>${array(FUTURE, 1)}</fut>`;
const option = (id: number, type: 'C' | 'P', price: number, values: readonly number[], delta: number): string =>
  `<opt><cId>${id}</cId><o>${type}</o><k>1000.00</k><p>${price}</p><d>${delta}</d><v>0.3</v>${array(values, delta)}</opt>`;

const NEAR = 20260129;
const FAR = 20260226;

/** The file's text. Stock ALPHA at 1,000; futures at 1,005 and 1,010, calendar charge 22; options struck at 1,000. */
export const SMALL_SPAN_FILE: string = `<spanFile><fileFormat>4.00</fileFormat><created>202601010900</created><definitions/>
<pointInTime><date>20260101</date><isSetl>0</isSetl><setlQualifier>early</setlQualifier>
<clearingOrg><ec>NSCCL</ec><name>TEST</name><finalizeMeth>BY</finalizeMeth><lookAheadYears>0.002739</lookAheadYears>
<exchange><exch>NSE</exch>
<phyPf><pfId>1</pfId><pfCode>ALPHA</pfCode><currency>INR</currency><cvf>1.00</cvf><valueMeth>EQTY</valueMeth>
<phy><cId>1</cId><pe>00000000</pe><p>1000.00</p><scanRate><r>1</r><priceScan>150.00</priceScan><volScan>0.10</volScan></scanRate></phy></phyPf>
<futPf><pfId>2</pfId><pfCode>ALPHA</pfCode><currency>INR</currency><cvf>1.00</cvf><valueMeth>FUT</valueMeth>
<undPf><exch>NSE</exch><pfId>1</pfId><s>B</s><i>1.0</i></undPf>${future(1, NEAR, 1005)}${future(2, FAR, 1010)}</futPf>
<oopPf><pfId>3</pfId><pfCode>ALPHA</pfCode><exercise>EURO</exercise><currency>INR</currency><cab>0.0</cab><valueMeth>EQTY</valueMeth>
<priceModel>BS</priceModel><series><pe>${NEAR}</pe><v>0.30</v><t>0.0767</t><sc>1.0</sc>
<scanRate><r>1</r><priceScan>150.00</priceScan><volScan>0.10</volScan></scanRate>
${option(1, 'C', 35.1, CALL, 0.55)}${option(2, 'P', 25, PUT, -0.45)}</series></oopPf></exchange>
<ccDef><cc>ALPHA</cc><name>ALPHA</name><currency>INR</currency><procMeth>NORMAL</procMeth><wfprMeth>NORMAL</wfprMeth><spotMeth>NORMAL</spotMeth>
<somMeth>GROSS</somMeth>${['PHY', 'FUT', 'OOP'].map((type, at) => `<pfLink><exch>NSE</exch><pfId>${at + 1}</pfId><pfType>${type}</pfType><sc>1.0</sc></pfLink>`).join('')}
<scanTiers><tier><tn>1</tn><sPe>${NEAR}</sPe><ePe>20260326</ePe></tier></scanTiers><intraTiers/><interTiers/><rateTiers/>
<somTiers><tier><tn>0</tn><rate><r>1</r><val>0</val></rate></tier></somTiers>
<dSpread><spread>1</spread><chargeMeth>F</chargeMeth><rate><r>1</r><val>22.000000</val></rate>
<pLeg><cc>ALPHA</cc><pe>${NEAR}</pe><rs>A</rs><i>1.0</i></pLeg><pLeg><cc>ALPHA</cc><pe>${FAR}</pe><rs>B</rs><i>1.0</i></pLeg></dSpread>
</ccDef></clearingOrg></pointInTime></spanFile>`;
