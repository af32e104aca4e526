// A4 sheets with a head on every one, tables that go on over pages with their headings repeated, and "Page n of m" at the foot. Knows figures and words only as
// text. Standard fonts: they have no rupee sign, so documents say Rs.; a character they lack is printed as "?", never as another one.
import PDFDocument from 'pdfkit';

/** One column of a table. */
export interface PaperColumn {
  readonly title: string;
  /** Points. */
  readonly width: number;
  readonly align?: 'left' | 'right';
  /** Text that is too long goes on in further lines of its row; elsewhere it is cut. */
  readonly wraps?: boolean;
}

/** One line of a table. */
export interface PaperRow {
  readonly cells: readonly string[];
  readonly bold?: boolean;
}

/** What a document is made with. */
export interface PaperOptions {
  readonly title: string;
  readonly author: string;
  /** Asked for when the document is opened; '' = none. */
  readonly password: string;
  /** Password that lifts the restrictions; nobody needs to know it. */
  readonly ownerPassword: string;
  readonly landscape: boolean;
  readonly at: Date;
  /** Draws the head of each page; leaves `y` below it. */
  readonly head: (paper: Paper) => void;
  /** One line at the foot of each page. */
  readonly foot: string;
}

export const MARGIN = 30;
const FOOT = 24;
const ROW_HEIGHT = 11;
/** From one line of a wrapped cell to the next. */
const LINE_HEIGHT = 8.5;
const HEAD_HEIGHT = 14;
const PADDING = 3;
const SIZE = 7;
const INK = '#1a1a1a';
const PALE = '#eef1f5';
const RULE = '#b8c0cc';
/** Characters above Latin-1 that WinAnsi has. */
const WIN_ANSI = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');

const printable = (text: string): string =>
  [...text]
    .map((letter) => ((letter >= ' ' && letter <= '~') || (letter >= '\u00a0' && letter <= '\u00ff') || WIN_ANSI.has(letter) ? letter : '?'))
    .join('');

/** See the file's head. */
export class Paper {
  readonly doc: PDFKit.PDFDocument;
  y: number = MARGIN;
  private readonly options: PaperOptions;
  private readonly chunks: Buffer[] = [];
  private pages = 0;

  constructor(options: PaperOptions) {
    this.options = options;
    const { password, ownerPassword } = options;
    this.doc = new PDFDocument({
      size: 'A4',
      layout: options.landscape ? 'landscape' : 'portrait',
      // Text at the very foot must not make pdfkit turn the page by itself.
      margin: 0,
      autoFirstPage: false,
      bufferPages: true,
      pdfVersion: '1.7',
      info: { Title: options.title, Author: options.author, CreationDate: options.at },
      ...(password === ''
        ? {}
        : { userPassword: password, ownerPassword, permissions: { printing: 'highResolution', copying: true, contentAccessibility: true } }),
    });
    this.doc.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    this.turn();
  }

  /** Begins a page. */
  turn(): void {
    this.doc.addPage();
    this.pages += 1;
    this.y = MARGIN;
    this.options.head(this);
  }

  /** Turns the page unless `height` points are left on this one. */
  need(height: number): void {
    if (this.y + height > this.bottom) this.turn();
  }

  /** Between the margins. */
  get width(): number {
    return this.doc.page.width - 2 * MARGIN;
  }

  /** Where the foot begins. */
  get bottom(): number {
    return this.doc.page.height - MARGIN - FOOT;
  }

  /** One line of text at a place; cut to `width` when it is longer. */
  put(
    text: string,
    x: number,
    y: number,
    style: { width?: number; align?: 'left' | 'right'; size?: number; bold?: boolean; colour?: string } = {},
  ): void {
    const { width = this.doc.page.width, align = 'left', size = SIZE, bold = false, colour = INK } = style;
    this.doc.font(bold ? 'Helvetica-Bold' : 'Helvetica', size).fillColor(colour);
    const shown = this.fitting(printable(text), width);
    const left = align === 'right' ? x + width - this.doc.widthOfString(shown) : x;
    this.doc.text(shown, left, y, { lineBreak: false });
  }

  /** Text over the whole width, wrapped, leaving `y` below it. */
  prose(text: string, size: number = SIZE): void {
    this.doc.font('Helvetica', size).fillColor(INK);
    const shown = printable(text);
    const height = this.doc.heightOfString(shown, { width: this.width });
    this.need(height);
    this.doc.font('Helvetica', size).fillColor(INK).text(shown, MARGIN, this.y, { width: this.width });
    this.y += height + PADDING;
  }

  /** A heading over what follows, kept on the page of at least two lines of it. */
  heading(text: string): void {
    this.need(HEAD_HEIGHT * 2 + ROW_HEIGHT * 2);
    this.y += PADDING;
    this.put(text, MARGIN, this.y, { size: 9, bold: true });
    this.y += HEAD_HEIGHT;
  }

  /** A table; its headings stand again on every page it goes on to. */
  table(columns: readonly PaperColumn[], rows: Iterable<PaperRow>): void {
    this.need(HEAD_HEIGHT + ROW_HEIGHT);
    this.titles(columns);
    for (const row of rows) {
      const lines = this.linesOf(columns, row);
      const height = ROW_HEIGHT + (lines.length - 1) * LINE_HEIGHT;
      if (this.y + height > this.bottom) {
        this.turn();
        this.titles(columns);
      }
      this.line(columns, lines, height);
    }
    this.y += PADDING * 2;
  }

  /** A rule over the whole width. */
  rule(): void {
    this.doc
      .moveTo(MARGIN, this.y)
      .lineTo(MARGIN + this.width, this.y)
      .lineWidth(0.5)
      .strokeColor(RULE)
      .stroke();
    this.y += PADDING;
  }

  /** Writes the feet and ends the document. */
  async finish(): Promise<Buffer> {
    for (let page = 0; page < this.pages; page++) {
      this.doc.switchToPage(page);
      const y = this.doc.page.height - MARGIN - ROW_HEIGHT;
      this.put(this.options.foot, MARGIN, y, { width: this.width - 80, size: 6.5, colour: '#555555' });
      this.put(`Page ${page + 1} of ${this.pages}`, MARGIN, y, { width: this.width, align: 'right', size: 6.5, colour: '#555555' });
    }
    const ended = new Promise<void>((resolve) => this.doc.on('end', () => resolve()));
    this.doc.end();
    await ended;
    return Buffer.concat(this.chunks);
  }

  private titles(columns: readonly PaperColumn[]): void {
    this.doc.rect(MARGIN, this.y, sum(columns), HEAD_HEIGHT).fill(PALE);
    this.cells(columns, { cells: columns.map(({ title }) => title), bold: true }, this.y + 4);
    this.y += HEAD_HEIGHT;
  }

  /** The row, and below it what its wrapping cells have left over. */
  private linesOf(columns: readonly PaperColumn[], row: PaperRow): PaperRow[] {
    const parts = row.cells.map((text, i) =>
      columns[i]?.wraps === true ? this.wrapped(printable(text), columns[i].width - 2 * PADDING, row.bold) : [text],
    );
    const count = Math.max(1, ...parts.map(({ length }) => length));
    return Array.from({ length: count }, (_, line) => ({ ...row, cells: parts.map((each) => each[line] ?? '') }));
  }

  /** Text in pieces that fit, parted at spaces. */
  private wrapped(text: string, width: number, bold: boolean = false): string[] {
    this.doc.font(bold ? 'Helvetica-Bold' : 'Helvetica', SIZE);
    const lines: string[] = [''];
    for (const word of text.split(' ')) {
      const longer = `${lines.at(-1)}${lines.at(-1) === '' ? '' : ' '}${word}`;
      if (lines.at(-1) === '' || this.doc.widthOfString(longer) <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  private line(columns: readonly PaperColumn[], lines: readonly PaperRow[], height: number): void {
    for (const [at, row] of lines.entries()) this.cells(columns, row, this.y + 2 + at * LINE_HEIGHT);
    this.y += height;
    this.doc
      .moveTo(MARGIN, this.y)
      .lineTo(MARGIN + sum(columns), this.y)
      .lineWidth(0.25)
      .strokeColor(RULE)
      .stroke();
  }

  private cells(columns: readonly PaperColumn[], { cells, bold = false }: PaperRow, y: number): void {
    let x = MARGIN;
    for (const [i, { width, align = 'left' }] of columns.entries()) {
      const text = cells[i] ?? '';
      if (text !== '') this.put(text, x + PADDING, y, { width: width - 2 * PADDING, align, bold });
      x += width;
    }
  }

  private fitting(text: string, width: number): string {
    if (this.doc.widthOfString(text) <= width) return text;
    let cut = text.length - 1;
    while (cut > 0 && this.doc.widthOfString(`${text.slice(0, cut)}…`) > width) cut -= 1;
    return `${text.slice(0, cut)}…`;
  }
}

const sum: (columns: readonly PaperColumn[]) => number = (columns) => columns.reduce((total, { width }) => total + width, 0);
