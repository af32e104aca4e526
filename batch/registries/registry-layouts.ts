// Layouts of uploads to KRA and CKYC. The field order of neither is public as a whole, so what stands here is for practice only: outside the sandbox
// an upload needs the layout the registry gave the house (`layouts.kra`, `layouts.ckyc` of house.json) and is refused without one, never guessed.

import type { ReportColumn } from '../reports/layouts.ts';
import { printReport } from '../reports/print-report.ts';
import type { KycChange } from './kyc-changes.ts';
import type { Registry } from './registry-records.ts';

const column = (heading: string, value: string): ReportColumn => ({ heading, value });
const IDENTITY = [column('Reference', 'reference'), column('PAN', 'pan'), column('Name', 'name'), column('DateOfBirth', 'dateOfBirth')];
const CONTACT = [column('Mobile', 'mobile'), column('Email', 'email'), column('Address', 'address'), column('PinCode', 'pinCode')];

const PRACTICE: Readonly<Record<Registry, readonly ReportColumn[]>> = {
  KRA: [...IDENTITY, column('UpdateFlag', 'updateFlag'), ...CONTACT],
  CKYC: [...IDENTITY, column('RecordType', '=20'), ...CONTACT],
};

/** Columns of an upload: the house's own, else practice's where it practises; undefined where neither may be used. */
export function registryLayout(
  registry: Registry,
  layouts: Readonly<Record<string, readonly ReportColumn[]>>,
  isPractice: boolean,
): readonly ReportColumn[] | undefined {
  return layouts[registry.toLowerCase()] ?? (isPractice ? PRACTICE[registry] : undefined);
}

/** Text of an upload. Throws FileError when the layout asks for a figure that a record has not. */
export function registryText(registry: Registry, columns: readonly ReportColumn[], changes: readonly KycChange[]): string {
  const rows = changes.map((change) => ({ ...change, updateFlag: change.kind === 'NEW' ? '01' : '02' }));
  return printReport(registry, columns, rows);
}
