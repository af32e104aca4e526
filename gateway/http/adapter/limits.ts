// What one client can make the gateway hold, the same for both servers. uWebSockets.js fixes some times itself (ten seconds for a head, an idle
// connection, or a body that comes slower than 16 KB/s); node:http is set to the same.

/** Largest request head accepted, bytes: room for a token that names many accounts. */
export const HEADER_BYTES_MAX = 16_384;
/** A body larger than accepted is still read up to here, so that its sender gets to read the refusal; beyond, the connection is cut. */
export const DISCARDED_BYTES_MAX: number = 1 << 20;
/** Time for a head, and between two requests of a connection, milliseconds. */
export const IDLE_MS = 10_000;
/** Time for a whole request, body included, milliseconds. */
export const REQUEST_MS = 10_000;
/** Time a closing server gives open requests and channels, milliseconds. */
export const DRAIN_MS = 5_000;
/** Largest WebSocket message accepted, bytes: what clients say is short. */
export const MESSAGE_BYTES_MAX = 16_384;
/** A channel with more bytes waiting than this is cut: whoever writes is expected to stop long before. */
export const CHANNEL_BYTES_MAX: number = 16 << 20;
/** A channel whose peer gives no sign of life for so long, pings included, is closed; seconds, a multiple of 4 and at least 8. */
export const CHANNEL_IDLE_SECONDS = 60;
/** Answers above this many bytes are handed over as the peer reads them. */
export const STREAMED_BYTES_MIN = 65_536;
