// KRA and CKYC as the sandbox plays them: a record is taken once per reference, refused when practice asks for it, and in the registry when it is asked after.
import { createHash } from 'node:crypto';
import type { Desk } from './depository-desk.ts';
import type { FaultSwitches } from './faults.ts';

/** A record as the registry has it. */
export interface RegistryEntry {
  readonly registry: string;
  readonly reference: string;
  status: 'SUBMITTED' | 'REGISTERED' | 'REFUSED';
  word: string;
}

/** Records by `registry reference`, and the desk over them. */
export class RegistryBooks {
  readonly entries: Map<string, RegistryEntry> = new Map();
  private readonly faults: FaultSwitches;

  constructor(faults: FaultSwitches) {
    this.faults = faults;
  }

  /** Decides uploads and questions; undefined for anything else. */
  readonly decide: Desk = (request) => {
    const registry = String(request['registry'] ?? '');
    const references = Array.isArray(request['references']) ? request['references'].map(String) : [];
    if (request['kind'] === 'upload') {
      const text = String(request['text'] ?? '');
      if (createHash('sha256').update(text).digest('hex') !== request['sha256']) return { refused: 'the file does not match its digest' };
      if (text.trimEnd().split('\n').length !== references.length + 1) return { refused: `${references.length} records were announced` };
      return { answer: { rows: references.map((reference) => this.take(registry, reference)) } };
    }
    if (request['kind'] !== 'status') return undefined;
    return { answer: { rows: references.map((reference) => this.ask(registry, reference)) } };
  };

  private take(registry: string, reference: string): RegistryEntry {
    const known = this.entries.get(`${registry} ${reference}`);
    if (known !== undefined) return known;
    const isRefused = this.faults.play('registry-refuses');
    const entry: RegistryEntry = {
      registry,
      reference,
      status: isRefused ? 'REFUSED' : 'SUBMITTED',
      word: isRefused ? 'name differs from that of the PAN' : '',
    };
    this.entries.set(`${registry} ${reference}`, entry);
    return { ...entry };
  }

  private ask(registry: string, reference: string): RegistryEntry {
    const entry = this.entries.get(`${registry} ${reference}`);
    if (entry === undefined) return { registry, reference, status: 'REFUSED', word: 'there is no such record' };
    if (entry.status === 'SUBMITTED') {
      entry.status = 'REGISTERED';
      entry.word = registry === 'CKYC' ? String(10 ** 13 + this.entries.size) : 'registered';
    }
    return { ...entry };
  }
}
