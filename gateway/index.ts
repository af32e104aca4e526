// The door into the gateway for benches, tests and the demo.
export { type Config, ConfigError, configHash, parseConfig, readConfig } from './config.ts';
export { type Logger, newLogger } from './log.ts';
export { type Gateway, startGateway } from './main.ts';
export { type RejectText, rejectName, rejectText } from './reject-text.ts';
