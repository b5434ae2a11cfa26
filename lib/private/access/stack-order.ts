import type { Stack } from 'aws-cdk-lib';

/**
 * Whether a resource in `middle` can depend on one in `first`, while a resource in `last` depends on both. False
 * if the stacks would depend on each other in a circle.
 *
 * It knows only the dependencies that the stacks have now. A circle that arises later fails the synthesis.
 */
export function canDependInOrder(first: Stack, middle: Stack, last: Stack): boolean {
  const [firstRoot, middleRoot, lastRoot] = [first, middle, last].map(rootOf);
  const isHeldUpByLast = (isWithin(last, first) && !isWithin(middle, first)) || (firstRoot === lastRoot && middleRoot !== lastRoot);
  return !isHeldUpByLast && (firstRoot === middleRoot || !waitsFor(firstRoot, middleRoot));
}

function isWithin(stack: Stack | undefined, other: Stack): boolean {
  return stack !== undefined && (stack === other || isWithin(stack.nestedStackParent, other));
}

/** Deploys a stack after another one. A nested stack is deployed with its parent. */
export function deployAfter(stack: Stack, other: Stack): void {
  const [root, otherRoot] = [rootOf(stack), rootOf(other)];
  if (root !== otherRoot) root.addDependency(otherRoot, 'the image is published with that stack');
}

/** A nested stack is deployed as a resource of its parent. */
function rootOf(stack: Stack): Stack {
  return stack.nestedStackParent ? rootOf(stack.nestedStackParent) : stack;
}

function waitsFor(stack: Stack, other: Stack): boolean {
  return stack.dependencies.some((dependency) => dependency === other || waitsFor(dependency, other));
}
