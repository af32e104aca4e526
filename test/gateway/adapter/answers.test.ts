// Headers every answer has, whichever server writes it.
import { expect, it } from 'vitest';
import { headersOf } from '../../../gateway/http/adapter/answers.ts';

it.each([
  ['application/json', 'application/json; charset=utf-8'],
  ['text/plain; version=0.0.4', 'text/plain; version=0.0.4'],
  ['text/html; charset=utf-8', 'text/html; charset=utf-8'],
  ['image/png', 'image/png'],
])('content type %s is sent as %s', (contentType, sent) => {
  expect(headersOf({ status: 200, contentType, body: '' })['content-type']).toBe(sent);
});
