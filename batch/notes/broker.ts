// What a note says of its broker, and how it is numbered, signed and sent: broker.json of the data directory. A typo is refused with its place.
// Secrets are named by file. README.md of this folder has an example.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Name of the file in a data directory. */
export const BROKER_FILE = 'broker.json';

/** DLT text message: what the telecom operators registered, and the gateway that sends it. */
export interface SmsSettings {
  readonly url: string;
  readonly tokenFile: string;
  readonly entityId: string;
  readonly header: string;
  readonly templateId: string;
  /** Registered text; each {#var#} takes, in turn, note number, trade date, net amount. */
  readonly template: string;
}

/** See the file's head. */
export interface Broker {
  readonly name: string;
  readonly address: string;
  readonly state: string;
  readonly sebiRegistration: string;
  readonly cin: string;
  readonly gstin: string;
  readonly pan: string;
  readonly phone: string;
  readonly email: string;
  readonly website: string;
  readonly complianceOfficer: string;
  /** Services accounting code of broking. */
  readonly sac: string;
  /** Beginning of note numbers by group. */
  readonly prefix: Readonly<Record<'EQ' | 'COM', string>>;
  readonly footers: readonly string[];
  /** Decimals of average prices. */
  readonly averageDecimals: 2 | 4;
  readonly signature: {
    readonly kind: 'pkcs12';
    readonly file: string;
    readonly passphraseFile: string;
    readonly reason: string;
    readonly place: string;
  };
  readonly sms?: SmsSettings | undefined;
}

const line = z.string().min(1).max(200);
const prefix = z.string().regex(/^[A-Z0-9]{1,10}$/, 'must be one to ten capitals or digits');
const schema: z.ZodType<Broker> = z.strictObject({
  name: line,
  address: line,
  state: z.string().regex(/^[A-Z]{2}$/, 'must be the two letters of a state, as in MH'),
  sebiRegistration: line,
  cin: line,
  gstin: z.string().regex(/^\d{2}[A-Z]{5}\d{4}[A-Z][A-Z0-9]Z[A-Z0-9]$/, 'must be a GSTIN'),
  pan: z.string().regex(/^[A-Z]{5}\d{4}[A-Z]$/, 'must be a PAN'),
  phone: line,
  email: line,
  website: line,
  complianceOfficer: line,
  sac: z
    .string()
    .regex(/^\d{6}$/)
    .default('997152'),
  prefix: z.strictObject({ EQ: prefix, COM: prefix }).refine(({ EQ, COM }) => EQ !== COM, 'the two prefixes must differ'),
  footers: z.array(z.string().min(1).max(2000)).default([]),
  averageDecimals: z.union([z.literal(2), z.literal(4)]).default(4),
  signature: z.strictObject({
    kind: z.literal('pkcs12'),
    file: line,
    passphraseFile: line,
    reason: z.string().default('Contract note'),
    place: z.string().default(''),
  }),
  sms: z
    .strictObject({
      url: z.string().regex(/^https?:\/\//, 'must be an http(s) address'),
      tokenFile: line,
      entityId: z.string().regex(/^\d{10,20}$/, 'must be the entity id, 10 to 20 digits'),
      header: z.string().regex(/^[A-Za-z0-9]{3,11}$/, 'must be 3 to 11 letters or digits'),
      templateId: z.string().regex(/^\d{10,20}$/, 'must be the template id, 10 to 20 digits'),
      template: line.refine((text) => text.split('{#var#}').length === 4, 'must have {#var#} three times: number, date, amount'),
    })
    .optional(),
}) as unknown as z.ZodType<Broker>;

/** Reads broker.json. Throws with file and field. */
export function readBroker(dataDirectory: string): Broker {
  const path = join(dataDirectory, BROKER_FILE);
  if (!existsSync(path)) throw new Error(`${path}: is not there; it says who the broker is, how notes are numbered and who signs them`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${path}: ${parsed.error.issues.map(({ path: at, message }) => `${z.core.toDotPath(at)}: ${message}`).join('; ')}`);
}
