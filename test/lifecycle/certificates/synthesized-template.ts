import { PLAIN_TYPES } from './plain-resources';
import type { Template } from './stack-driver';
import { appAsStack, templatesOf } from '../apps/cloud-assembly';
import type { Resource, SynthesizedStack } from '../apps/template';

/** An app as it was synthesized, and the part of its template that the driver of the stack can play. */
export function playableApp(assembly: string): { readonly stack: SynthesizedStack; readonly template: Template } {
  const resources = Object.assign({}, ...Object.values(templatesOf(assembly)).map(({ Resources }) => Resources)) as Record<string, Resource>;
  return { stack: appAsStack(assembly), template: playable(resources) };
}

/** The resources whose creation the driver knows. References to others, such as functions and hosted zones, become text. */
function playable(resources: Readonly<Record<string, Resource>>): Template {
  const isPlayed = (logicalId: string) => resources[logicalId]?.Type in PLAIN_TYPES || resources[logicalId]?.Type.startsWith('Custom::');
  const withText = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(withText);
    if (typeof value !== 'object' || value === null) return value;

    const { Ref, 'Fn::GetAtt': getAtt } = value as { 'Ref'?: string; 'Fn::GetAtt'?: [string, string] };
    if (Ref !== undefined && Ref in resources && !isPlayed(Ref)) return Ref;
    if (getAtt !== undefined && !isPlayed(getAtt[0])) return getAtt.join('.');
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withText(item)]));
  };
  return Object.fromEntries(Object.entries(resources).filter(([logicalId]) => isPlayed(logicalId))
    .map(([logicalId, resource]) => [logicalId, withText(resource) as Resource]));
}
