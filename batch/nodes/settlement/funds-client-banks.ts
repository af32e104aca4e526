// Bank accounts registered for clients: money comes only from them and goes only to them. A change of a client's account starts a cool-off in which
// nothing is paid to the new one; the account a client began with needs none. An account is one client's; nothing is removed, a withdrawn account
// stays with its time.
import type { Database, RootDatabase } from 'lmdb';

/** One registered account. Times in microseconds since 1970. */
export interface ClientBank {
  readonly client: string;
  /** IFSC and number: HDFC0000060-50100012345678. */
  readonly account: string;
  readonly registeredAt: number;
  readonly by: string;
  /** Payments to it may begin. */
  readonly payableFrom: number;
  /** 0 while it is in force. */
  readonly withdrawnAt: number;
}

const ACCOUNT = /^[A-Z]{4}0[A-Z0-9]{6}-\d{6,20}$/;
const MICROS_PER_HOUR = 3600e6;

/** See the file's head. Refusals are RangeErrors that say what is wrong. */
export class ClientBanks {
  private readonly root: RootDatabase;
  private readonly table: Database<ClientBank, [client: string, account: string]> | undefined;

  constructor(root: RootDatabase) {
    this.root = root;
    // Opened for reading, a table that nobody has written to is not there.
    this.table = root.openDB({ name: 'client-banks', encoding: 'msgpack' }) as typeof this.table;
  }

  /** Registers an account; the client's first can be paid to at once, a later one after `coolOffHours`. Registering it again changes nothing. */
  register(who: Pick<ClientBank, 'client' | 'account' | 'by'>, now: number, coolOffHours: number): ClientBank {
    const { client, account, by } = who;
    if (!ACCOUNT.test(account)) throw new RangeError(`${account} is not IFSC-NUMBER, such as HDFC0000060-50100012345678`);
    if (by.trim() === '') throw new RangeError('a name is needed');
    const own = this.of(client);
    const known = own.find((one) => one.account === account && one.withdrawnAt === 0);
    if (known !== undefined) return known;
    const other = this.owner(account);
    if (other !== undefined && other !== client) throw new RangeError(`${account} is registered for ${other}`);
    const made = {
      client,
      account,
      by,
      registeredAt: now,
      payableFrom: own.length === 0 ? now : now + coolOffHours * MICROS_PER_HOUR,
      withdrawnAt: 0,
    };
    this.put(made);
    return made;
  }

  /** Takes an account out of force. */
  withdraw(client: string, account: string, now: number): ClientBank {
    const known = this.of(client).find((one) => one.account === account && one.withdrawnAt === 0);
    if (known === undefined) throw new RangeError(`${account} is not registered for ${client}`);
    const changed = { ...known, withdrawnAt: now };
    this.put(changed);
    return changed;
  }

  /** Accounts a client has or had, oldest first. */
  of(client: string): ClientBank[] {
    if (this.table === undefined) return [];
    const range = this.table.getRange({ start: [client, ''], end: [client, '\uffff'] });
    return [...range].map(({ value }) => value).sort((a, b) => a.registeredAt - b.registeredAt);
  }

  /** Whose account it is now; undefined for nobody's. */
  owner(account: string): string | undefined {
    for (const { value } of this.table?.getRange({}) ?? []) if (value.account === account && value.withdrawnAt === 0) return value.client;
    return undefined;
  }

  private put(bank: ClientBank): void {
    this.root.transactionSync(() => {
      this.table?.putSync([bank.client, bank.account], bank);
    });
  }
}
