// What keeps a server from listening, said in the configuration's own words.

/** A port cannot be had; the message names the keys of tarazu.json that ask for it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Resolves as `listening` does; its failure becomes a ListenError that names `keys`. */
export async function listenAs<Bound>(keys: string, listening: Promise<Bound>): Promise<Bound> {
  try {
    return await listening;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'another program has this port' : code === 'EACCES' ? 'this port is not for everyone' : undefined;
    throw new ListenError(`${keys}: ${message}${why === undefined ? '' : `: ${why}`}`);
  }
}
