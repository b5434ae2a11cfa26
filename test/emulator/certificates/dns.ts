/** A CNAME record of the public DNS. Names and values may end with a dot. */
export interface CnameRecord {
  readonly name: string;
  readonly value: string;
}

/** The part of the public DNS that validates certificates. */
export class Dns {
  private records = new Map<string, string>();

  /** @param changed called after each change */
  constructor(private readonly changed: () => void) {}

  public publish(...records: readonly CnameRecord[]): void {
    records.forEach(({ name, value }) => this.records.set(comparable(name), comparable(value)));
    this.changed();
  }

  public remove(...names: readonly string[]): void {
    names.forEach((name) => this.records.delete(comparable(name)));
    this.changed();
  }

  /** Whatever was published before is gone. */
  public replaceAll(records: readonly CnameRecord[]): void {
    this.records = new Map();
    this.publish(...records);
  }

  /** Whether there is a record of this name, with any value. */
  public knows(name: string): boolean {
    return this.records.has(comparable(name));
  }

  public has({ name, value }: CnameRecord): boolean {
    return this.records.get(comparable(name)) === comparable(value);
  }
}

function comparable(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
