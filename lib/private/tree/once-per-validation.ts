import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const found = new WeakMap<IConstruct, Map<unknown, unknown>>();

/**
 * What a look through the whole app finds. The validation of each construct may ask for it, but only the first looks: an app of a hundred
 * deployments would be looked through hundreds of times.
 *
 * Call it only during the validation, in which nothing is defined. The CDK validates a stage before all that is in it, and then what an
 * earlier validation has found is forgotten.
 *
 * @param scope any construct of the app
 * @param look looks through the app, from its root. The same function each time
 */
export function oncePerValidation<T>(scope: IConstruct, look: (root: IConstruct) => T): T {
  const stage = Stage.of(scope) ?? scope.node.root;
  const results = found.get(stage) ?? new Map<unknown, unknown>();
  if (!found.has(stage)) {
    found.set(stage, results);
    stage.node.addValidation({
      validate: () => {
        results.clear();
        return [];
      },
    });
  }
  if (!results.has(look)) results.set(look, look(scope.node.root));
  return results.get(look) as T;
}
