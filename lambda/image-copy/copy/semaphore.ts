/** Limits how much runs at once. The others wait in the order of their arrival. */
export class Semaphore {
  private readonly waiting: Array<{ readonly weight: number; readonly start: () => void }> = [];

  constructor(private free: number) {}

  public async run<T>(weight: number, action: () => Promise<T>): Promise<T> {
    if (this.waiting.length > 0 || weight > this.free) {
      await new Promise<void>((start) => this.waiting.push({ weight, start }));
    } else {
      this.free -= weight;
    }
    try {
      return await action();
    } finally {
      this.free += weight;
      this.startWaiting();
    }
  }

  private startWaiting(): void {
    for (let next = this.waiting[0]; next && next.weight <= this.free; next = this.waiting[0]) {
      this.waiting.shift();
      this.free -= next.weight;
      next.start();
    }
  }
}
