// The broker's pool accounts at the depositories as these know them: units by settlement, tagged with the client they are for. Units come in when a
// client's own account takes none, and leave to the client, into the pool of another settlement, or to the clearing corporation. Knows nothing of our
// books.

/** Depositories by name. */
export type DepositoryName = 'CDSL' | 'NSDL';

/** The member's pool account at each: CDSL's 16 digits, NSDL's clearing member account. */
export const POOL_ACCOUNTS: Readonly<Record<DepositoryName, string>> = { CDSL: '1209000199000001', NSDL: 'IN55000199000001' };

/** The depository whose pool account it is; undefined for a client's. */
export const poolOf = (bo: string): DepositoryName | undefined => (['CDSL', 'NSDL'] as const).find((name) => POOL_ACCOUNTS[name] === bo);

/** Units of one client in the pool of one settlement. */
export interface PoolLine {
  readonly depository: DepositoryName;
  readonly settlement: string;
  readonly client: string;
  readonly isin: string;
  readonly units: number;
}

/** See the file's head. */
export class PoolBooks {
  private readonly units = new Map<string, PoolLine>();
  private readonly received: PoolLine[] = [];

  /** Everything that lies in a pool, in order of depository, settlement, client. */
  get lines(): PoolLine[] {
    return [...this.units.values()].filter(({ units }) => units > 0).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** What pay-outs of a settlement brought into the pools. */
  credits(settlement: string): PoolLine[] {
    return this.received.filter((line) => line.settlement === settlement);
  }

  /** Takes units of a pay-out in. */
  receive(line: PoolLine): void {
    this.received.push(line);
    this.add(line, line.units);
  }

  /** Takes units out; the reason when there are not so many. */
  take(line: PoolLine): string | undefined {
    const left = this.units.get(keyOf(line))?.units ?? 0;
    if (left < line.units) return `${left} units in the pool of this settlement`;
    this.add(line, -line.units);
    return undefined;
  }

  /** Moves units into the pool of another settlement; the reason when there are not so many. */
  transfer(line: PoolLine, to: string): string | undefined {
    const refused = this.take(line);
    if (refused === undefined) this.add({ ...line, settlement: to }, line.units);
    return refused;
  }

  /** Takes out everything that lies in the pool of a settlement at a depository, for the clearing corporation. */
  deliver(settlement: string, depository: string): PoolLine[] {
    const found = this.lines.filter((line) => line.settlement === settlement && line.depository === depository);
    for (const line of found) this.add(line, -line.units);
    return found;
  }

  /** A share's units after a corporate action. */
  adjust(isin: string, after: (units: number) => number): void {
    for (const line of this.lines) if (line.isin === isin) this.add(line, after(line.units) - line.units);
  }

  private add(line: Omit<PoolLine, 'units'>, units: number): void {
    this.units.set(keyOf(line), { ...line, units: (this.units.get(keyOf(line))?.units ?? 0) + units });
  }
}

const keyOf = ({ depository, settlement, client, isin }: Omit<PoolLine, 'units'>): string => `${depository}|${settlement}|${client}|${isin}`;
