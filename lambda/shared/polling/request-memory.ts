/** No execution environment works on more requests than that at a time. */
const MAX_REQUESTS = 100;

/**
 * What the handler remembers between its calls for one request. It is a help and never needed: Lambda may serve the next call from another
 * execution environment.
 */
export class RequestMemory<T> {
  private readonly entries = new Map<string, T>();

  /** What is remembered of a request; what `start` makes if nothing is. */
  public of(requestId: string, start: () => T): T {
    return this.entries.get(requestId) ?? this.restart(requestId, start());
  }

  /** Forgets what is remembered of a request: it has arrived anew. */
  public restart(requestId: string, entry: T): T {
    // Requests without an id must not share a memory.
    if (requestId === '') return entry;

    this.entries.delete(requestId);
    this.entries.set(requestId, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= MAX_REQUESTS) break;
      this.entries.delete(oldest);
    }
    return entry;
  }
}
