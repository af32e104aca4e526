// The only door into the engine.
export * from './assert.ts';
export * from './command/bodies.ts';
export * from './command/command-view.ts';
export * from './command/layout.ts';
export * from './event/event-view.ts';
export * from './event/event-writer.ts';
export * from './event/layout.ts';
export * from './instrument.ts';
export * from './margin/margin-book.ts';
export * from './margin/order-terms.ts';
export * from './margin/underlying-margin.ts';
export * from './parameters/build-table.ts';
export * from './parameters/combined-commodity.ts';
export * from './parameters/parameter-table.ts';
export * from './reject-code.ts';
export * from './units.ts';
