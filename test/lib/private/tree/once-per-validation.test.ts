import { App, CfnOutput, Stack, Stage } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { oncePerValidation } from '../../../../lib/private/tree/once-per-validation';

const outputsIn = (root: IConstruct) => root.node.findAll().filter((construct) => construct instanceof CfnOutput).length;

/** A construct that counts the outputs of the app when it is validated. */
class Counter extends Construct {
  public readonly seen: number[] = [];

  constructor(scope: Construct, id: string, look: (root: IConstruct) => number) {
    super(scope, id);
    this.node.addValidation({
      validate: () => {
        this.seen.push(oncePerValidation(this, look));
        return [];
      },
    });
  }
}

test('one validation looks once, however many constructs ask', () => {
  const app = new App();
  const look = jest.fn(outputsIn);
  const counters = ['A', 'B', 'C'].map((id) => new Counter(new Stack(app, id), 'Counter', look));
  new CfnOutput(new Stack(app, 'D'), 'Output', { value: 'x' });

  app.synth();
  expect(counters.map(({ seen }) => seen)).toEqual([[1], [1], [1]]);
  expect(look).toHaveBeenCalledTimes(1);
});

test('two looks do not get the result of each other', () => {
  const app = new App();
  const [a, b] = [new Counter(new Stack(app, 'A'), 'Counter', () => 1), new Counter(new Stack(app, 'B'), 'Counter', () => 2)];

  app.synth();
  expect([a.seen, b.seen]).toEqual([[1], [2]]);
});

test('the next validation sees what was defined in between, and what was removed', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const counter = new Counter(stack, 'Counter', outputsIn);

  app.synth();
  new CfnOutput(stack, 'Output', { value: 'x' });
  app.synth({ force: true });
  stack.node.tryRemoveChild('Output');
  app.synth({ force: true });
  expect(counter.seen).toEqual([0, 1, 0]);
});

test('a stage sees what was defined after another stage was synthesized', () => {
  const app = new App();
  const [one, other] = ['One', 'Other'].map((id) => new Stage(app, id));
  const [first, second] = [one, other].map((stage) => new Counter(new Stack(stage, 'Stack'), 'Counter', outputsIn));

  one.synth();
  new CfnOutput(new Stack(other, 'Late'), 'Output', { value: 'x' });
  other.synth();
  one.synth({ force: true });
  expect([first.seen, second.seen]).toEqual([[0, 1], [1]]);
});

test('apps do not see each other', () => {
  const counters = [1, 2].map((outputs) => {
    const stack = new Stack(new App(), 'Stack');
    for (let index = 0; index < outputs; index += 1) new CfnOutput(stack, `Output${index}`, { value: 'x' });
    const counter = new Counter(stack, 'Counter', outputsIn);
    (stack.node.root as App).synth();
    return counter;
  });

  expect(counters.map(({ seen }) => seen)).toEqual([[1], [2]]);
});
