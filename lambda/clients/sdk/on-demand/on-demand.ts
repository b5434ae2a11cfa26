type Methods<T> = { [Name in keyof T]: (...args: never[]) => Promise<unknown> };

/**
 * A client with these methods, which is loaded once, by the first of them that is called. A function starts with the client of Lightsail alone:
 * see decisions/0037-what-a-function-loads.md.
 */
export function onDemand<T extends Methods<T>>(methods: ReadonlyArray<keyof T & string>, load: () => Promise<T>): T {
  let loaded: Promise<T> | undefined;
  const calling = (name: keyof T) => async (...args: never[]) => (await (loaded ??= load()))[name](...args);
  return Object.fromEntries(methods.map((name) => [name, calling(name)])) as unknown as T;
}
