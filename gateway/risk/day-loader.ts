// Loads a market day: parameters, OpenDay, then every client with funds, limits, holdings and positions. Each command carries a number of the day's
// own origin, so that a load cut short is simply repeated: what a slot has is not done twice. A marker file ends it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ALL_SLOTS, CommandKind, type HaircutBody, type OpenDayBody, OriginKind, slotOf } from '../../engine/index.ts';
import { rareCommand } from '../../workers/index.ts';
import {
  type ClientRecord,
  dayGaps,
  findDayFiles,
  haircutParts,
  openDayPolicy,
  type ParameterFiles,
  parameterFilesOf,
  readApprovedSecurities,
  readClientFile,
} from '../../workers/reference/index.ts';
import type { Config } from '../config.ts';
import type { AccountDirectory } from './account-directory.ts';
import type { CommandSender } from './command-sender.ts';
import type { ParameterDesk } from './parameter-desk.ts';
import { sessionNumber } from './risk-session.ts';

/** The rule set new days are opened under. */
const RULE_SET = 1;

/** Date in the names of the SPAN files, which findDayFiles has seen to be one; '' never matches a marker. */
function spanDate(span: readonly string[]): string {
  return /\.(\d{8})\./.exec(basename(span[0] ?? ''))?.[1] ?? '';
}

function isMarked(marker: string, date: string): boolean {
  return existsSync(marker) && readFileSync(marker, 'utf8').trim() === date;
}

/** What a load did. */
export interface DayLoad {
  readonly businessDate: number;
  readonly clients: number;
  readonly commands: number;
  /** Commands a slot refused, such as an account that exists already under another risk group. */
  readonly refused: number;
  /** It had been loaded before; nothing was sent. */
  readonly wasLoaded: boolean;
  /** Lists the directory lacks, and lists of another day: sentences for people. */
  readonly gaps: readonly string[];
}

export class DayLoader {
  private readonly sender: CommandSender;
  private readonly parameters: ParameterDesk;
  private readonly accounts: AccountDirectory;
  private readonly config: Pick<Config, 'dataDirectory' | 'policy'>;
  private number = 0;
  private origin = 0;

  constructor(sender: CommandSender, parameters: ParameterDesk, accounts: AccountDirectory, config: Pick<Config, 'dataDirectory' | 'policy'>) {
    this.sender = sender;
    this.parameters = parameters;
    this.accounts = accounts;
    this.config = config;
  }

  /**
   * Loads the day in `directory`; `openDate` is the business date that is open now, 0 for none. Throws before anything is sent when a file is
   * unfit, naming file and line, or when another day is open.
   */
  async load(directory: string, openDate: number): Promise<DayLoad> {
    const files = findDayFiles(directory);
    const parameterFiles = parameterFilesOf(files);
    const gaps = dayGaps(files);
    const clients = files.clients === undefined ? [] : readClientFile(files.clients);
    const approved = files.approvedSecurities === undefined ? [] : (await readApprovedSecurities(files.approvedSecurities)).rows;
    const date = spanDate(files.span);
    const marker = join(this.markers, sessionNumber(directory).toString(16));
    this.origin = sessionNumber(`day ${date} ${directory}`);
    // A directory may be filled anew each day: the date tells.
    if (this.parameters.table !== undefined && (isMarked(marker, date) || this.isOpenFromElsewhere(directory, openDate, date))) {
      this.parameters.remember(parameterFiles);
      return { businessDate: this.parameters.table.businessDate, clients: clients.length, commands: 0, refused: 0, wasLoaded: true, gaps };
    }
    this.refuseBeside(openDate, directory, date);
    const businessDate = await this.takeParameters(parameterFiles, openDate);
    this.number = 0;
    this.sender.refusals = 0;
    await this.send(CommandKind.OpenDay, ALL_SLOTS, this.openDay(businessDate));
    await this.sender.settled();
    if (this.sender.refusals > 0)
      throw new RangeError(
        `${directory}: the shards refuse to open ${businessDate}: an earlier day is still open (tarazu close-day), or that day was before`,
      );
    await this.sendApproved(approved, businessDate);
    for (const client of clients) await this.sendClient(client);
    await this.sender.settled();
    mkdirSync(this.markers, { recursive: true });
    writeFileSync(marker, `${businessDate}\n`);
    return { businessDate, clients: clients.length, commands: this.number, refused: this.sender.refusals, wasLoaded: false, gaps };
  }

  private get markers(): string {
    return join(this.config.dataDirectory, 'days');
  }

  /**
   * Is this very day open, and was it loaded whole from a directory of another name? Throws when its load may have been cut short: it cannot be told
   * what is missing.
   */
  private isOpenFromElsewhere(directory: string, openDate: number, date: string): boolean {
    if (openDate === 0 || Number(date) !== openDate || this.sender.hasJournalled(this.origin)) return false;
    const { markers } = this;
    if (existsSync(markers) && readdirSync(markers).some((name) => isMarked(join(markers, name), date))) return true;
    throw new RangeError(
      `${directory}: ${date} is open already, from another directory, and nothing in ${markers} says that it was loaded whole: ` +
        'name the directory it was opened from, or leave "day" out to go on with what is loaded',
    );
  }

  /** Business date of the parameters: those in force when the day is open (a swap may have come since), else the day's files, loaded. */
  private async takeParameters(files: ParameterFiles, openDate: number): Promise<number> {
    const { table } = this.parameters;
    if (openDate === 0 || table === undefined) return (await this.parameters.load(files)).businessDate;
    this.parameters.remember(files);
    return table.businessDate;
  }

  /** Asked before the parameters are loaded: they would come into force under the day that is open. */
  private refuseBeside(openDate: number, directory: string, date: string): void {
    if (openDate !== 0 && date !== '' && Number(date) !== openDate)
      throw new RangeError(`${directory}: ${date} cannot be opened while ${openDate} is open: close it first (tarazu close-day)`);
  }

  private openDay(businessDate: number): OpenDayBody {
    return { businessDate, ruleSet: RULE_SET, policy: openDayPolicy(this.config.policy, businessDate) };
  }

  /** The list that collateral in pieces is valued by, before the pieces; a directory without one leaves the list in force. */
  private async sendApproved(rows: readonly HaircutBody[], date: number): Promise<void> {
    if (rows.length === 0) return;
    for (const part of haircutParts({ date, rows })) await this.send(CommandKind.SetHaircuts, ALL_SLOTS, part);
  }

  private async sendClient(client: ClientRecord): Promise<void> {
    const {
      account,
      riskGroup,
      status,
      kind,
      segments,
      cash,
      cashEquivalent,
      nonCash,
      pieces,
      holdings,
      positions,
      limits,
      fundedLots = [],
    } = client;
    const slot = slotOf(riskGroup);
    await this.send(CommandKind.OpenAccount, slot, { account, riskGroup, status, kind, segments });
    this.accounts.learnText(account, slot);
    // A file that knows only figures takes no pieces away: they are known better.
    const collateral = pieces === undefined ? { keepPieces: true } : { pieces };
    await this.send(CommandKind.SetCollateral, slot, { account, cash, cashEquivalent, nonCash, ...collateral });
    await this.send(CommandKind.SetLimit, slot, { account, ...limits });
    for (const holding of holdings) await this.send(CommandKind.SetHoldings, slot, { account, ...holding });
    for (const position of positions) await this.send(CommandKind.ImportPosition, slot, { account, ...position });
    for (const lot of fundedLots) await this.send(CommandKind.ImportFundedLot, slot, { account, ...lot, reference: 'clients file' });
  }

  private async send(kind: number, slot: number, body: object): Promise<void> {
    this.number += 1;
    await this.sender.enqueue(rareCommand(kind, slot, body).setOrigin(OriginKind.SYSTEM, this.origin, 0, this.number));
  }
}
