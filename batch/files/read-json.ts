// Small JSON files read whole, with a located error; long ones go through json-array.ts.
import { readFile } from 'node:fs/promises';
import { FileError, unreadable } from './file-error.ts';

/** The value of a JSON file. Rejects with FileError. */
export async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new FileError(file, '', `is not JSON: ${(error as Error).message}`);
  }
}

/** A JSON object's fields, or undefined for anything else. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}
