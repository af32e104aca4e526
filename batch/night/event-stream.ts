// Server-sent events of the night: the change count at once and after each change, a heartbeat in between. Carries no content: whoever hears of a change
// asks for the view. A reader that takes nothing any more is let go.
import type { ServerResponse } from 'node:http';
import type { ChangeFeed } from './change-feed.ts';

const HEARTBEAT_MILLIS = 5_000;
/** Several records of one moment are one event. */
const GATHER_MILLIS = 50;
const UNREAD_BYTES_MAX = 65_536;

/** Who listens. */
export interface Listener {
  readonly response: ServerResponse;
  /** Is the caller's token still in force? Asked before each event; the stream ends when it is not. */
  readonly isKnown: () => boolean;
}

/** Streams until either side ends. `headers` go out first. */
export function streamChanges(feed: ChangeFeed, { response, isKnown }: Listener, headers: Readonly<Record<string, string>>): void {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let gathering: NodeJS.Timeout | undefined;
  const say = (text: string): void => {
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
    else if (!isKnown()) response.end();
    else response.write(text);
  };
  const tell = (): void => {
    gathering = undefined;
    say(`event: changed\ndata: ${feed.count}\n\n`);
  };
  const unlisten = feed.listen(() => {
    gathering ??= setTimeout(tell, GATHER_MILLIS);
  });
  const heartbeat = setInterval(() => say(': still here\n\n'), HEARTBEAT_MILLIS);
  response.on('close', () => {
    unlisten();
    clearInterval(heartbeat);
    clearTimeout(gathering);
  });
  tell();
}
