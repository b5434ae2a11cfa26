/** Why a secret's text is unusable. The message follows the secret's name and never contains the text. */
export class UnusableSecret extends Error {
  constructor(message: string, public readonly remedy: string) {
    super(message);
    this.name = 'UnusableSecret';
  }
}

/** Takes the value from the text of a secret: the whole text, or one field of it. */
export function valueIn(text: string | undefined, field: string | undefined): string {
  if (text === undefined) {
    throw new UnusableSecret('is binary', 'Store the value as text (SecretString).');
  }
  return field === undefined ? text : fieldValue(text, field);
}

function fieldValue(text: string, field: string): string {
  const fields = objectIn(text);
  if (!fields) {
    throw new UnusableSecret(`is not a JSON object, so it has no field ${JSON.stringify(field)}`,
      'Store a JSON object, or omit the field to use the whole secret.');
  }
  if (!Object.hasOwn(fields, field)) {
    throw new UnusableSecret(`has no field ${JSON.stringify(field)}`, 'Add the field to the secret, or use an existing field.');
  }

  const value = fields[field];
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  throw new UnusableSecret(`has ${kindOf(value)} in its field ${JSON.stringify(field)}`, 'Store it as a string, exactly as the container should receive it.');
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
  // Such a number would change its form or its digits.
  return typeof value === 'number' ? 'a number with a fraction or with more than 15 digits' : 'an object';
}
