import { AsyncLocalStorage } from 'node:async_hooks';

/** One of several that sleep at the same time. */
interface Task {
  readonly of: SharedTime;
  sleeps: number;
  /** How often it waits for tasks of its own. */
  waits: number;
}

interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
}

/** The clock whose time is shared. */
interface Hands {
  now(): number;
  advanceTo(time: number): void;
}

/** One for all: Node.js keeps every storage that was ever used, and asks each of them with every promise. */
const currentTask = new AsyncLocalStorage<Task>();

/**
 * Lets tasks sleep beside each other on a clock that has no time of its own: it moves on to the earliest wake-up once every
 * task sleeps, so that a task that still waits for an answer over HTTP is not overtaken by the clock. All that are due at one
 * time wake together.
 *
 * A task that wants to sleep in several places at once has them run as tasks of their own.
 */
export class SharedTime {
  private readonly tasks = new Set<Task>();
  private sleepers: Sleeper[] = [];
  /** Sleeps outside of tasks: those of a server, whose client is a task that waits for the answer. */
  private foreignSleeps = 0;
  private looking = false;

  constructor(private readonly hands: Hands) {}

  /** Whether there is anybody to share with. */
  public get isShared(): boolean {
    return this.tasks.size > 0;
  }

  /** Runs all to their end; fails as the first one of the list that failed. */
  public async run<T>(functions: ReadonlyArray<() => Promise<T>>): Promise<T[]> {
    const parent = this.current();
    const tasks = functions.map((): Task => ({ of: this, sleeps: 0, waits: 0 }));
    tasks.forEach((task) => this.tasks.add(task));
    if (parent) parent.waits += 1;

    const outcomes = await Promise.allSettled(functions.map((fn, index) => currentTask.run(tasks[index], async () => {
      try {
        return await fn();
      } finally {
        this.tasks.delete(tasks[index]);
        this.lookSoon();
      }
    })));

    if (parent) parent.waits -= 1;
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }

  public async sleep(ms: number): Promise<void> {
    const task = this.current();
    const count = (change: number) => {
      if (task) task.sleeps += change;
      else this.foreignSleeps += change;
    };
    await new Promise<void>((resolve) => {
      count(1);
      this.sleepers.push({
        wakeAt: this.hands.now() + ms,
        wake: () => {
          count(-1);
          resolve();
        },
      });
      this.lookSoon();
    });
  }

  private current(): Task | undefined {
    const task = currentTask.getStore();
    return task?.of === this ? task : undefined;
  }

  /** Not at once: tasks that just woke, or waited for something that just ended, come first. */
  private lookSoon(): void {
    if (this.looking) return;
    this.looking = true;
    setImmediate(() => {
      this.looking = false;
      this.look();
    });
  }

  private look(): void {
    const awake = [...this.tasks].filter(({ sleeps, waits }) => sleeps === 0 && waits === 0).length;
    if (awake > this.foreignSleeps || this.sleepers.length === 0) return;

    // Whoever still sleeps when the last task has ended was given up by it.
    const next = this.isShared ? Math.min(...this.sleepers.map(({ wakeAt }) => wakeAt)) : Infinity;
    if (this.isShared) this.hands.advanceTo(Math.max(next, this.hands.now()));
    const due = this.sleepers.filter(({ wakeAt }) => wakeAt <= next);
    this.sleepers = this.sleepers.filter(({ wakeAt }) => wakeAt > next);
    due.forEach(({ wake }) => wake());
  }
}
