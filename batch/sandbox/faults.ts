// Faults the sandbox plays on demand: named, switchable while it runs, seeded, each used up by the number in its name or lasting until switched off.
// The names are what operations practise on; what each does is one line here and one place in the server that plays it.

/** Every fault and what it does. */
export const FAULTS = {
  'late-file': 'a file appears only some seconds after it is due',
  'half-file': 'a file is cut in the middle; its sidecar has the digest of the whole',
  'wrong-checksum': 'the sidecar of a file has another digest',
  'malformed-row': 'one figure of one row is not a number',
  'missing-column': 'one column that is needed is gone from the header',
  'duplicate-rows': 'some rows come twice',
  'out-of-order': 'rows come in another order',
  're-issue': 'a file comes a second time with other content',
  'primary-down': 'the first endpoint of the files refuses connections; the alternate works',
  'files-down': 'neither endpoint of the files accepts connections',
  reject: 'instructions are refused (reject-3: the first three)',
  'timeout-after-success': 'an instruction is done and its answer is lost',
  'timeout-before': 'an instruction is lost before it is taken, and no answer comes',
  'server-error': 'an instruction gets a 503 and was not taken',
  'error-after-success': 'an instruction is done and gets a 500',
  'counterparty-down': 'the counterparties refuse connections',
  'bank-down': 'the bank refuses connections; the others work',
  undecided: 'an instruction stays pending until asked some times',
  'wrong-amount': 'a payment is answered with another amount than was asked',
  'short-movement': 'a rupee less moves than was asked, and the answer says so',
  'duplicate-answer': 'an instruction is answered with the answer to the one before',
  'cut-answer': 'the answer to an instruction is half a document',
  'short-delivery': 'the depository refuses to block a row of units for pay-in: a client comes up short',
  'market-short': 'another member fails: one row of a pay-out comes short by half',
  'auction-fails': 'nobody offers in the auction of a shortage: it is closed out',
  'credit-missing': 'the clearing corporation says it paid a row out and the depository has not credited it',
  'account-closed': "a client's demat account takes no credit: a row of a pay-out comes into the broker's pool account",
  'pledge-refused': 'a client refuses to pledge what was bought with funding: it waits for ever',
  'pledge-partial': 'a client pledges half of a lot bought with funding, and no more',
  'pledge-late': 'a client accepts the pledge of a lot bought with funding a day late',
  'credit-elsewhere': "a row of a pay-out is credited to another client's demat account",
  'registry-refuses': 'KRA or CKYC refuses a record',
  'mail-bounce': 'mail to some addresses is refused',
  'upload-reject': 'an uploaded file is answered with a reject file',
} as const;
/** Name of a fault. */
export type FaultName = keyof typeof FAULTS;

/** Faults that are on. */
export class FaultSwitches {
  private readonly left = new Map<FaultName, number>();

  /** From `late-file,reject-3,…`. Throws RangeError on a name that is none. */
  constructor(list = '') {
    for (const part of list.split(',').filter((name) => name !== '')) this.switchOn(part);
  }

  /** Switches one on: `NAME`, until switched off, or `NAME-n`, for the next n times. */
  switchOn(words: string): void {
    const counted = /^(.+)-(\d+)$/.exec(words);
    const name = counted?.[1] ?? words;
    if (!isFault(name)) throw new RangeError(`there is no fault "${name}"; known are ${Object.keys(FAULTS).join(', ')}`);
    this.left.set(name, counted === null ? Number.POSITIVE_INFINITY : Number(counted[2]));
  }

  switchOff(name: FaultName): void {
    this.left.delete(name);
  }

  /** Is it on? Does not use it up. */
  isOn(name: FaultName): boolean {
    return (this.left.get(name) ?? 0) > 0;
  }

  /** True when it is to be played now; counts down. */
  play(name: FaultName): boolean {
    const left = this.left.get(name) ?? 0;
    if (left <= 0) return false;
    this.left.set(name, left - 1);
    return true;
  }

  /** What is on, as it would be written on the command line. */
  get list(): string {
    return [...this.left]
      .filter(([, left]) => left > 0)
      .map(([name, left]) => (left === Number.POSITIVE_INFINITY ? name : `${name}-${left}`))
      .join(',');
  }
}

const isFault = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);
