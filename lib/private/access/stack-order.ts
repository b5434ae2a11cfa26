import type { Stack } from 'aws-cdk-lib';

/**
 * Whether something in `middle` can wait for something in `first`, while something in `last` waits for both: false
 * where the stacks would wait for each other in a circle.
 *
 * It knows the dependencies that the stacks have so far. A circle that arises later fails the synthesis.
 */
export function canDependInOrder(first: Stack, middle: Stack, last: Stack): boolean {
  const [firstRoot, middleRoot, lastRoot] = [first, middle, last].map(rootOf);
  const isHeldUpByLast = (isWithin(last, first) && !isWithin(middle, first)) || (firstRoot === lastRoot && middleRoot !== lastRoot);
  return !isHeldUpByLast && (firstRoot === middleRoot || !waitsFor(firstRoot, middleRoot));
}

function isWithin(stack: Stack | undefined, other: Stack): boolean {
  return stack !== undefined && (stack === other || isWithin(stack.nestedStackParent, other));
}

/** A nested stack is deployed as a resource of its parent. */
function rootOf(stack: Stack): Stack {
  return stack.nestedStackParent ? rootOf(stack.nestedStackParent) : stack;
}

function waitsFor(stack: Stack, other: Stack): boolean {
  return stack.dependencies.some((dependency) => dependency === other || waitsFor(dependency, other));
}
