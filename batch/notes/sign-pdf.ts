// The signature field of a PDF, and filling it. The field is written with the document, in one piece: nothing is appended afterwards, so that
// /Encrypt and /ID of a protected document stay in the only trailer there is (an appended revision loses them: readers then find the signature valid
// and the pages unreadable). The signature's own bytes are a hexadecimal string that encryption does not touch.
import { detachedSignature } from './detached-signature.ts';
import type { NoteSigner } from './note-signer.ts';

/** Room for the signature; a chain of three 2048-bit certificates takes about 5 kB. */
const SIGNATURE_BYTES = 8192;
const UNKNOWN_LENGTH = 9_999_999_999;
const RANGE = `/ByteRange [0 ${UNKNOWN_LENGTH} ${UNKNOWN_LENGTH} ${UNKNOWN_LENGTH}]`;
const CONTENTS = `/Contents <${'0'.repeat(SIGNATURE_BYTES * 2)}>`;
const VISIBLE_FLAGS = 132;
const SIGNATURES_EXIST_APPEND_ONLY = 3;
const LINE = 9;

/** The visible block. */
export interface SignatureBlock {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly name: string;
  readonly reason: string;
  readonly location: string;
  readonly at: Date;
}

interface Reference {
  readonly data: Record<string, unknown>;
  end(chunk?: Buffer): void;
}

/** What of pdfkit's document its types leave out. */
interface Inside {
  readonly page: { readonly dictionary: Reference; readonly height: number };
  readonly _root: { readonly data: { readonly AcroForm: Reference } };
  initForm(): void;
  ref(data: Record<string, unknown>): Reference;
}

/** A PDF string, as pdfkit tells it from a name. */
const text = (value: string): object => Object(value) as object;

/** Adds the field and its visible block to the current page. */
export function addSignatureField(doc: PDFKit.PDFDocument, block: SignatureBlock): void {
  doc.font('Helvetica', 7);
  const inside = doc as unknown as Inside;
  inside.initForm();
  const { page } = inside;
  const signature = inside.ref({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'adbe.pkcs7.detached',
    ByteRange: [0, UNKNOWN_LENGTH, UNKNOWN_LENGTH, UNKNOWN_LENGTH],
    Contents: new Uint8Array(SIGNATURE_BYTES),
    Name: text(block.name),
    Reason: text(block.reason),
    Location: text(block.location),
    M: block.at,
  });
  signature.end();
  const { x, y, width, height } = block;
  const widget = inside.ref({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: text('Signature1'),
    F: VISIBLE_FLAGS,
    Rect: [x, page.height - y - height, x + width, page.height - y],
    P: page.dictionary,
    V: signature,
    AP: { N: appearance(inside, block) },
  });
  widget.end();
  page.dictionary.data['Annots'] = [widget];
  const form = inside._root.data.AcroForm.data;
  form['Fields'] = [widget];
  form['NeedAppearances'] = false;
  form['SigFlags'] = SIGNATURES_EXIST_APPEND_ONLY;
}

function appearance(inside: Inside, { width, height, name, reason, location, at }: SignatureBlock): Reference {
  const font = inside.ref({ Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica', Encoding: 'WinAnsiEncoding' });
  font.end();
  const form = inside.ref({ Type: 'XObject', Subtype: 'Form', BBox: [0, 0, width, height], Resources: { Font: { F: font } } });
  const when = new Date(at.getTime() + 330 * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  const lines = ['Digitally signed by', name, `Date: ${when} IST`, reason, location].filter((line) => line !== '');
  const shown = lines.map((line, i) => `1 0 0 1 5 ${height - LINE * (i + 1) - 2} Tm (${escaped(line)}) Tj`).join('\n');
  form.end(Buffer.from(`0.6 0.65 0.7 RG 0.5 w 0.5 0.5 ${width - 1} ${height - 1} re S\nBT /F 7 Tf 0 g\n${shown}\nET\n`, 'latin1'));
  return form;
}

const escaped = (line: string): string => line.replace(/[^ -~\u00a0-\u00ff]/g, '?').replace(/[\\()]/g, '\\$&');

/** Fills the field of a document that addSignatureField made. Throws RangeError for one without, and for a signature that is too long. */
export async function signPdf(pdf: Buffer, signer: NoteSigner, at: Date): Promise<Buffer> {
  const range = pdf.lastIndexOf(RANGE);
  const contents = pdf.indexOf(CONTENTS, range);
  if (range < 0 || contents < 0) throw new RangeError('this document has no signature field');
  const from = contents + CONTENTS.indexOf('<');
  const to = contents + CONTENTS.length;
  const filled = `/ByteRange [0 ${from} ${to} ${pdf.length - to}]`.padEnd(RANGE.length, ' ');
  pdf.write(filled, range, 'latin1');
  const signature = await detachedSignature([pdf.subarray(0, from), pdf.subarray(to)], signer, at);
  if (signature.length > SIGNATURE_BYTES) throw new RangeError(`the signature has ${signature.length} bytes, there is room for ${SIGNATURE_BYTES}`);
  pdf.write(signature.toString('hex'), from + 1, 'latin1');
  return pdf;
}
