import { jsonBytes, ReasonRoom, shorten, shortenMiddle } from '../../../../lambda/shared/reasons/reason-limits';
import { ResourceFailure } from '../../../../lambda/shared/reasons/resource-failure';

/** The most that the Provider framework puts around a reason. */
function responseBytes(reason: string): number {
  const logGroup = `/aws/lambda/${'f'.repeat(64)}`;
  return Buffer.byteLength(JSON.stringify({
    Status: 'FAILED',
    Reason: [reason, '', `Logs: ${logGroup}`, ''].join('\n'),
    StackId: `arn:aws-us-gov:cloudformation:us-gov-west-1:123456789012:stack/${'s'.repeat(128)}/01234567-89ab-cdef-0123-456789abcdef`,
    RequestId: '01234567-89ab-cdef-0123-456789abcdef',
    PhysicalResourceId: 'p'.repeat(63),
    LogicalResourceId: 'l'.repeat(255),
  }));
}

test('keeps a reason to 2,000 characters', () => {
  expect(new ResourceFailure('x'.repeat(2000)).message).toHaveLength(2000);
  expect(new ResourceFailure('x'.repeat(5000)).message).toBe(`${'x'.repeat(1999)}…`);
});

test.each([
  ['two bytes', 'ä'], ['three bytes', '漢'], ['four bytes', '😀'], ['quotes', '"'], ['backslashes', '\\'], ['line breaks', '\n'], ['control characters', '\u0001'],
  ['half a surrogate pair', '\ud83d'], ['words and emoji', 'boom 👩‍👩‍👧 "é" '],
])('keeps a reason of %s to what a response to CloudFormation holds', (_, character) => {
  const { message } = new ResourceFailure(character.repeat(5000));

  expect(message.length).toBeLessThanOrEqual(2000);
  expect(jsonBytes(message)).toBeLessThanOrEqual(2800);
  expect(responseBytes(message)).toBeLessThanOrEqual(4096);
  expect(message).not.toMatch(/\p{Cs}/u);
  // As much as there is room for.
  expect(Math.max(message.length / 2000, jsonBytes(message) / 2800)).toBeGreaterThan(0.99);
});

test('keeps line breaks, and nothing that a terminal obeys', () => {
  expect(new ResourceFailure('one\r\ntwo\u001b[31m\tthree').message).toBe('one\ntwo [31m three');
});

test('has a stack of one line, since the Provider framework repeats the others', () => {
  expect(new ResourceFailure('first\nsecond').stack).toBe('ResourceFailure: first');
});

test.each([
  ['hello', 5, Infinity, 'hello'],
  ['hello', 4, Infinity, 'hel…'],
  ['hello', 5, 4, 'h…'],
  ['a😀b', 3, Infinity, 'a…'],
  ['a😀bc', 4, Infinity, 'a😀…'],
  ['""""', 4, 7, '""…'],
])('shortens %j to %d characters and %d bytes', (text, maxLength, maxBytes, expected) => {
  expect(shorten(text, maxLength, maxBytes)).toBe(expected);
});

test.each([
  ['abcdefghij', 10, 'abcdefghij'],
  ['abcdefghijk', 10, 'abcdef…ijk'],
  ['😀😀😀😀😀😀', 10, '😀😀😀…😀'],
  ['a😀😀😀😀😀b', 10, 'a😀😀…😀b'],
])('shortens %j to %d characters in its middle', (text, maxLength, expected) => {
  expect(shortenMiddle(text, maxLength)).toBe(expected);
});

describe('the room of a reason', () => {
  let room: ReasonRoom;

  beforeEach(() => {
    room = new ReasonRoom();
  });

  test('is shared in whole characters and bytes', () => {
    expect(room.share(1)).toEqual({ length: 2000, bytes: 2800 });
    expect(room.share(3)).toEqual({ length: 666, bytes: 933 });
  });

  test.each([
    [1999, true],
    [2000, false],
  ])('takes a piece of %i characters with its line break: %p', (length, taken) => {
    expect(room.take('x'.repeat(length))).toBe(taken);
    expect(room.share(1)).toEqual(taken ? { length: 0, bytes: 2800 - length - 2 } : { length: 2000, bytes: 2800 });
  });

  test.each([
    [1399, true],
    [1400, false],
  ])('takes a piece of %i characters of two bytes with its line break: %p', (length, taken) => {
    expect(room.take('ä'.repeat(length))).toBe(taken);
    expect(room.share(1)).toEqual(taken ? { length: 2000 - length - 1, bytes: 0 } : { length: 2000, bytes: 2800 });
  });

  test('takes of a piece what fits, and no more than it may', () => {
    expect(room.takePart('x'.repeat(3000), 100)).toBe(`${'x'.repeat(99)}…`);
    expect(room.takePart('y'.repeat(3000), 5000)).toBe(`${'y'.repeat(1897)}…`);
    expect(room.share(1).length).toBe(0);
  });

  test('takes of a piece what fits in bytes', () => {
    expect(room.takePart('ä'.repeat(3000), 5000)).toBe(`${'ä'.repeat(1397)}…`);
    expect(room.share(1).bytes).toBe(1);
  });

  test.each([
    [40, 40, `${'x'.repeat(39)}…`],
    [39, 40, undefined],
    [39, 39, `${'x'.repeat(38)}…`],
  ])('a part of %i characters, of which %i say something: %s', (maxLength, minLength, expected) => {
    expect(room.takePart('x'.repeat(100), maxLength, minLength)).toBe(expected);
  });

  test('a short piece is taken whole, and a part needs forty characters unless told otherwise', () => {
    expect(room.takePart('ok', 100)).toBe('ok');
    expect(room.takePart('x'.repeat(100), 39)).toBeUndefined();
    expect(room.takePart('x'.repeat(100), 40)).toHaveLength(40);
  });

  test('gives nothing where it is full', () => {
    room.take('x'.repeat(1990));

    expect(room.takePart('12345678', 100)).toBe('12345678');
    expect(room.takePart('1', 100)).toBeUndefined();
  });
});

test.each([
  ['', 0], ['a', 1], ['"', 2], ['\n', 2], ['ä', 2], ['…', 3],
])('%j takes %i bytes in a response', (text, bytes) => {
  expect(jsonBytes(text)).toBe(bytes);
});

test.each([
  ['abc', 3, 3, 'abc'], ['abcd', 4, 3, '…'], ['abcd', 1, Infinity, '…'], ['äää', 3, 6, 'äää'], ['äää', 3, 5, 'ä…'],
])('shortens %j to %i characters and %i bytes, to the last of them', (text, maxLength, maxBytes, expected) => {
  expect(shorten(text, maxLength, maxBytes)).toBe(expected);
});

test('shortens to a length alone', () => {
  expect(shorten('ä'.repeat(5000), 4000)).toBe(`${'ä'.repeat(3999)}…`);
});
