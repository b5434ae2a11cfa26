/** What keeps the text of a secret from being a value, as it goes on from the name of the secret. It never holds the text. */
export class UnusableSecret extends Error {
  constructor(message: string, public readonly remedy: string) {
    super(message);
    this.name = 'UnfitSecret';
  }
}

/** The value of an environment variable in the text of a secret. */
export function valueIn(text: string | undefined, field: string | undefined): string {
  if (text === undefined) {
    throw new UnusableSecret('holds bytes', 'The value of an environment variable is text: store it as a SecretString.');
  }
  return field === undefined ? text : fieldValue(text, field);
}

function fieldValue(text: string, field: string): string {
  const fields = objectIn(text);
  if (!fields) {
    throw new UnusableSecret(`is not a JSON object, and its field ${JSON.stringify(field)} is asked for`,
      'Store it as one, or leave the field out to use the whole secret.');
  }
  if (!Object.hasOwn(fields, field)) {
    throw new UnusableSecret(`has no field ${JSON.stringify(field)}`, 'Add the field to the secret, or ask for one that it has.');
  }

  const value = fields[field];
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  throw new UnusableSecret(`holds ${kindOf(value)} in its field ${JSON.stringify(field)}`, 'Store it there as a string, just as the containers shall get it.');
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : undefined;
  } catch {
    // The parser's error quotes the text.
    return undefined;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  // It would come out in another form than it was written in, or with other digits.
  return typeof value === 'number' ? 'a number with a fraction or with more than 15 digits' : 'an object';
}
