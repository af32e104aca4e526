// GST of a service between two states: the same state (or union territory) pays CGST and SGST in halves, different ones IGST. States are the two-letter
// codes of vehicle and GST practice (MH, KA, DL ...). Where either is not known the supply counts as interstate.
import { paise } from '../units.ts';
import { exactRupees, NO_RUPEES } from './exact-rupees.ts';
import type { ChargeAmount } from './note-charges.ts';

/** The parts of a GST amount; they sum to it, exactly and on the note. */
export interface GstSplit {
  readonly cgst: ChargeAmount;
  /** SGST, or UTGST in a union territory. */
  readonly sgst: ChargeAmount;
  readonly igst: ChargeAmount;
}

const NOTHING: ChargeAmount = { exact: NO_RUPEES, note: paise(0) };

/** Splits `gst`. The odd paisa of a note goes to CGST. */
export function splitGst(gst: ChargeAmount, memberState: string, clientState: string): GstSplit {
  if (memberState === '' || memberState !== clientState) return { cgst: NOTHING, sgst: NOTHING, igst: gst };
  const half = exactRupees(gst.exact / 2n);
  const cgst = paise(Math.ceil(gst.note / 2));
  return {
    cgst: { exact: exactRupees(gst.exact - half), note: cgst },
    sgst: { exact: half, note: paise(gst.note - cgst) },
    igst: NOTHING,
  };
}
