// Reads a SPAN risk parameter file (.spn XML of fileFormat 4.00, or .pa2 in fixed columns; plain, .gz or .zip) in one streaming pass. The
// result is complete or a ReferenceFileError naming line and element or columns; a file that ends early, mixes clearing dates or repeats a contract is refused.
import type { ScanningSpread, ScanPoint, Spread } from '../../../engine/index.ts';
import { readSource, type SourceDigest } from '../source-file.ts';
import { CommodityReader } from './commodity-reader.ts';
import { type ElementReader, ElementWalk } from './element-reader.ts';
import { LeafText } from './leaf-text.ts';
import { assembleComplex } from './pa2-assemble.ts';
import { Pa2Reader } from './pa2-reader.ts';
import { ExchangeReader } from './product-reader.ts';
import { ScanPointsReader } from './scan-point-reader.ts';
import type { SpanClearing, SpanCommodity, SpanFile, SpanProduct } from './span-file.ts';
import { DeltaSpreadReader, ScanningSpreadReader } from './spread-reader.ts';
import { XmlScanner } from './xml-scanner.ts';

/** <clearingOrg>. */
class ClearingReader implements ElementReader {
  private clearingOrg = '';
  private products: SpanProduct[] = [];
  private commodities: SpanCommodity[] = [];
  private interSpreads: Spread[] = [];
  private scanningSpreads: ScanningSpread[] = [];
  private superSpreads: Spread[] = [];
  private points: ScanPointsReader = new ScanPointsReader();
  private exchange = new ExchangeReader(this.products);
  private readonly commodity = new CommodityReader((commodity, value) => {
    if (this.commodities.some((known) => known.symbol === commodity.symbol)) value.fail(`commodity ${commodity.symbol} appears twice`);
    this.commodities.push(commodity);
  });
  private readonly between: ElementReader;
  private readonly before: ElementReader;
  private readonly done: (clearing: SpanClearing) => void;

  constructor(done: (clearing: SpanClearing) => void) {
    this.done = done;
    const delta = new DeltaSpreadReader((spread) => this.interSpreads.push(spread));
    const scanning = new ScanningSpreadReader((spread) => this.scanningSpreads.push(spread));
    this.between = { child: (tag) => (tag === 'dSpread' ? delta : tag === 'sSpread' ? scanning : undefined) };
    const first = new DeltaSpreadReader((spread) => this.superSpreads.push(spread));
    // A scanning spread before the calendar charge is not known; leaving a credit out never asks too little.
    this.before = { child: (tag) => (tag === 'dSpread' ? first : undefined) };
  }

  begin(): void {
    this.clearingOrg = '';
    this.products = [];
    this.commodities = [];
    this.interSpreads = [];
    this.scanningSpreads = [];
    this.superSpreads = [];
    this.points = new ScanPointsReader();
    this.exchange = new ExchangeReader(this.products);
  }

  child(tag: string): ElementReader | undefined {
    if (tag === 'exchange') return this.exchange;
    if (tag === 'ccDef') return this.commodity;
    if (tag === 'pointDef') return this.points;
    if (tag === 'superSpreads') return this.before;
    // Spreads with another clearing organisation (interClearSpreads, superInterClearSpreads) are not read: none is granted across them.
    return tag === 'interSpreads' ? this.between : undefined;
  }

  leaf(tag: string, value: LeafText): void {
    if (tag === 'ec') this.clearingOrg = value.text();
  }

  end(): void {
    const { clearingOrg, products, commodities, interSpreads, scanningSpreads, superSpreads } = this;
    for (const list of [interSpreads, superSpreads]) list.sort((a, b) => a.priority - b.priority);
    const scanPoints: readonly ScanPoint[] | undefined = this.points.points;
    const defined = scanPoints === undefined ? {} : { scanPoints };
    this.done({ clearingOrg, products, commodities, interSpreads, scanningSpreads, superSpreads, ...defined });
  }
}

/** <spanFile> down to the clearing organisations. */
class DocumentReader implements ElementReader {
  created = '';
  date = 0;
  isSettlement = false;
  readonly clearing: SpanClearing[] = [];
  private pointsInTime = 0;
  private readonly root: ElementReader;

  constructor() {
    const clearing = new ClearingReader((each) => this.clearing.push(each));
    const point: ElementReader = {
      child: (tag) => (tag === 'clearingOrg' ? clearing : undefined),
      leaf: (tag, value) => {
        if (tag === 'date') this.date = value.date();
        else if (tag === 'isSetl') this.isSettlement = value.word(['0', '1']) === '1';
      },
      end: (value) => {
        if (this.date === 0) value.fail('point in time has no <date>');
        if (++this.pointsInTime > 1) value.fail('several points in time in one file: it is not clear which is meant');
      },
    };
    this.root = {
      child: (tag) => (tag === 'pointInTime' ? point : undefined),
      leaf: (tag, value) => {
        if (tag === 'created') this.created = value.text();
      },
      end: (value) => {
        if (this.pointsInTime === 0) value.fail('no <pointInTime>: this is not a risk parameter file');
        if (this.clearing.length === 0) value.fail('no <clearingOrg>: this is not a risk parameter file');
      },
    };
  }

  child(tag: string): ElementReader | undefined {
    if (tag === 'spanFile') return this.root;
    // Refused when it closes, or cut short before.
    return { end: (value) => value.fail(`<${tag}> is not a SPAN file's root element`) };
  }
}

/** Reads the whole file, XML or pa2: its first bytes say which. Throws ReferenceFileError. */
export async function readSpanFile(path: string): Promise<SpanFile> {
  let format: SpanFormat | undefined;
  const source: SourceDigest = await readSource(path, (bytes) => {
    format ??= isFixedColumns(bytes) ? new FixedColumns(path) : new Document(path);
    format.push(bytes);
  });
  format ??= new Document(path);
  return { source, ...format.finish() };
}

/** Takes a file's bytes in chunks and says at its end what it held. */
interface SpanFormat {
  push(chunk: Uint8Array): void;
  finish(): Omit<SpanFile, 'source'>;
}

/** A pa2 file begins with record 0. */
function isFixedColumns(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 && bytes[1] === 0x20;
}

class FixedColumns implements SpanFormat {
  private readonly reader: Pa2Reader;

  constructor(path: string) {
    this.reader = new Pa2Reader(path);
  }

  push(chunk: Uint8Array): void {
    this.reader.push(chunk);
  }

  finish(): Omit<SpanFile, 'source'> {
    this.reader.finish();
    const { created, date, isSettlement, complexes } = this.reader;
    return { created, date, isSettlement, clearing: complexes.map(assembleComplex) };
  }
}

class Document implements SpanFormat {
  private readonly document = new DocumentReader();
  private readonly scanner: XmlScanner;

  constructor(path: string) {
    const walk = new ElementWalk(this.document);
    this.scanner = new XmlScanner(path, walk);
    walk.value = new LeafText(this.scanner);
  }

  push(chunk: Uint8Array): void {
    this.scanner.push(chunk);
  }

  finish(): Omit<SpanFile, 'source'> {
    this.scanner.finish();
    const { created, date, isSettlement, clearing } = this.document;
    return { created, date, isSettlement, clearing };
  }
}
