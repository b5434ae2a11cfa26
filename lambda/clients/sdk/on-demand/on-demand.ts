type Methods<T> = { [Name in keyof T]: (...args: never[]) => Promise<unknown> };

/**
 * A client with these methods, which the first call of one of them loads. A function starts with the client of Lightsail alone:
 * see decisions/0037-what-a-function-loads.md.
 */
export function onDemand<T extends Methods<T>>(methods: ReadonlyArray<keyof T & string>, load: () => Promise<T>): T {
  let loaded: Promise<T> | undefined;
  const client = () => (loaded ??= load().catch((error) => {
    loaded = undefined;
    throw error;
  }));
  const calling = (name: keyof T) => async (...args: never[]) => (await client())[name](...args);
  return Object.fromEntries(methods.map((name) => [name, calling(name)])) as unknown as T;
}
