import { DeploymentFailure } from '../../lambda/failure';

test('keeps a reason to 2,000 characters', () => {
  expect(new DeploymentFailure('x'.repeat(2000)).message).toHaveLength(2000);
  expect(new DeploymentFailure('x'.repeat(5000)).message).toBe(`${'x'.repeat(1999)}…`);
});

test('has a stack of one line, since the Provider framework repeats the others', () => {
  expect(new DeploymentFailure('first\nsecond').stack).toBe('DeploymentFailure: first');
});
