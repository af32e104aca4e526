// Where files come from and go to: an exchange's or clearing corporation's folders. Two ways in, one interface: SFTP, and a plain directory (air-gapped
// desks, tests). Fetching verifies what it can; putting is all or nothing.
/** One file as the other side lists it. `modified` in microseconds since 1970. */
export interface ListedFile {
  readonly name: string;
  readonly size: number;
  readonly modified: number;
}

/** A fetched file, whole. */
export interface FetchedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** See the file's head. Every method rejects with TransientFault when the other side cannot be reached or does not have the file yet. */
export interface FilePort {
  readonly name: string;
  /** Files of a folder, by name; an absent folder has none. */
  list(folder: string): Promise<readonly ListedFile[]>;
  /** Rejects with TransientFault while the file is absent or still growing, or does not match its `.sha256` sidecar (half a file). */
  fetch(path: string): Promise<FetchedFile>;
  /** Writes under a temporary name and renames; an existing file of other content is refused with PermanentFault, of the same content it is left. */
  put(path: string, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Name of the sidecar that holds a file's SHA-256, where the other side offers one. */
export const sidecarOf = (path: string): string => `${path}.sha256`;
