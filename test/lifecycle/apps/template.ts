import * as fs from 'fs';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import type { WaiterRetry } from '../cloudformation/step-functions';

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly Properties?: Record<string, unknown>;
}

export interface SynthesizedStack {
  readonly resources: Record<string, Resource>;
  /** The bundled handler, as the stack's assets hold it. */
  readonly handlerFile: string;
  /** How long a function of the handler may take. */
  readonly handlerTimeoutSeconds: number;
  readonly handlerMemoryMb: number;
  /** How the Provider framework calls isComplete again. */
  readonly waiter: WaiterRetry;
}

export const PSEUDO_PARAMETERS: Record<string, string> = {
  'AWS::AccountId': '123456789012', 'AWS::Region': 'us-east-1', 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com',
};

/** What is deployed: an app's definition, or what was synthesized of one before. */
export type StackSource = ((stack: Stack) => void) | SynthesizedStack;

/** Synthesizes a stack for real, into a folder that the caller removes. */
export function synthesize(outdir: string, define: (stack: Stack) => void): SynthesizedStack {
  const app = new App({ outdir: fs.mkdtempSync(path.join(outdir, 'cdk.out-')), analyticsReporting: false });
  define(new Stack(app, 'Stack', { env: { account: '123456789012', region: 'us-east-1' } }));
  const assembly = app.synth();
  const template = assembly.getStackByName('Stack').template as { Resources: Record<string, Resource> };

  const [handler] = Object.values(template.Resources)
    .filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties?.Handler === 'index.handler');
  const key = (handler.Properties?.Code as { S3Key: string }).S3Key;
  return {
    resources: template.Resources,
    handlerFile: path.join(assembly.directory, `asset.${path.basename(key, '.zip')}`, 'index.js'),
    handlerTimeoutSeconds: Number(handler.Properties?.Timeout),
    handlerMemoryMb: Number(handler.Properties?.MemorySize),
    waiter: waiterOf(template.Resources),
  };
}

/** The Retry block of the state machine in a template. */
export function waiterOf(resources: Record<string, Resource>): WaiterRetry {
  const stateMachine = Object.values(resources).find(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')!;
  const definition = JSON.parse(resolve(stateMachine.Properties!.DefinitionString, (logicalId) => logicalId) as string);
  return definition.States[definition.StartAt].Retry[0];
}

interface Intrinsic {
  readonly 'Ref'?: string;
  readonly 'Fn::GetAtt'?: [string, string];
  readonly 'Fn::Join'?: [string, unknown[]];
  readonly 'Fn::Select'?: [number, unknown];
  readonly 'Fn::Split'?: [string, unknown];
}

/** Replaces what refers to another resource, as CloudFormation does. Only what the templates of these tests use. */
export function resolve(value: unknown, lookUp: (logicalId: string, attribute?: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, lookUp));
  if (typeof value !== 'object' || value === null) return value;

  const { Ref, 'Fn::GetAtt': getAtt, 'Fn::Join': join, 'Fn::Select': select, 'Fn::Split': split } = value as Intrinsic;
  if (join !== undefined) return (resolve(join[1], lookUp) as string[]).join(join[0]);
  if (select !== undefined) return (resolve(select[1], lookUp) as string[])[Number(select[0])];
  if (split !== undefined) return (resolve(split[1], lookUp) as string).split(split[0]);
  if (Ref !== undefined) return PSEUDO_PARAMETERS[Ref] ?? lookUp(Ref);
  if (getAtt !== undefined) return lookUp(...getAtt);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, lookUp)]));
}

/** CloudFormation sends every number and boolean of a custom resource's properties as a string. */
export function asStrings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asStrings);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asStrings(item)]));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
