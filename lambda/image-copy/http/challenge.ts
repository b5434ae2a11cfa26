/** What a registry asks for when it answers 401. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service?: string; readonly scope?: string };

/** The first challenge of a `WWW-Authenticate` header that can be met; a Bearer one before a Basic one. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const challenges = split(header ?? '');
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  const realm = bearer?.parameters.get('realm');
  if (bearer && realm) {
    return { scheme: 'bearer', realm, service: bearer.parameters.get('service'), scope: bearer.parameters.get('scope') };
  }
  return challenges.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined;
}

/** One header may hold several challenges, whose parameters are separated by commas as they are themselves. */
function split(header: string): Array<{ scheme: string; parameters: Map<string, string> }> {
  const challenges: Array<{ scheme: string; parameters: Map<string, string> }> = [];
  for (const [, name = '', quoted, plain] of header.matchAll(/([\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+)))?/g)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
    else challenges.at(-1)?.parameters.set(name.toLowerCase(), value);
  }
  return challenges;
}
