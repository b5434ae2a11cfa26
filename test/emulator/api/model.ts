import data from './lightsail-model.json';

/** A shape of the API's model; which members are there depends on `type`. */
export interface Shape {
  readonly type: 'structure' | 'list' | 'map' | 'string' | 'integer' | 'float' | 'double' | 'boolean' | 'timestamp';
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  readonly member?: string;
  readonly key?: string;
  readonly value?: string;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

export interface OperationModel {
  readonly input: string;
  readonly output: string;
  readonly errors: readonly string[];
}

interface Model {
  readonly service: { readonly targetPrefix: string; readonly jsonVersion: string };
  readonly operations: Readonly<Record<string, OperationModel | undefined>>;
  readonly shapes: Readonly<Record<string, Shape | undefined>>;
}

const model = data as Model;

export const TARGET_PREFIX = model.service.targetPrefix;
export const CONTENT_TYPE = `application/x-amz-json-${model.service.jsonVersion}`;
export const OPERATION_NAMES: readonly string[] = Object.keys(model.operations);
export const REGION_NAMES: readonly string[] = shapeOf('RegionName').enum ?? [];

export function operationModel(operation: string): OperationModel | undefined {
  return Object.hasOwn(model.operations, operation) ? model.operations[operation] : undefined;
}

export function shapeOf(name: string): Shape {
  const shape = model.shapes[name];
  if (!shape) {
    throw new Error(`lightsail-model.json has no shape ${JSON.stringify(name)}`);
  }
  return shape;
}
