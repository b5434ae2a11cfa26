import { withoutControls } from '../../../lambda/shared/plain-text';

test('has line breaks of one kind', () => {
  expect(withoutControls('one\rtwo\r\nthree\nfour\r\rfive')).toBe('one\ntwo\nthree\nfour\n\nfive');
});
