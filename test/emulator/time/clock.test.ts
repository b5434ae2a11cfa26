import { RealClock, ScaledClock, SteppedClock } from './clock';
import { Timeline } from './timeline';

describe('SteppedClock', () => {
  test('a stepped clock stands still until a test moves it', () => {
    const clock = new SteppedClock(1000);
    expect(clock.now()).toBe(1000);
    clock.advance(500);
    clock.advanceTo(new Date(2000));
    expect(clock.now()).toBe(2000);
  });

  test('a sleep moves a stepped clock', async () => {
    const clock = new SteppedClock(0);
    await clock.sleep(30_000);
    expect(clock.now()).toBe(30_000);
  });

  test('a stepped clock does not go back', () => {
    const clock = new SteppedClock(1000);
    expect(() => clock.advance(-1)).toThrow('A clock only goes forward');
    expect(() => clock.advanceTo(999)).toThrow('A clock only goes forward');
  });
});

describe('SteppedClock.concurrently', () => {
  test('tasks share the time: the clock moves to the next wake-up once all of them sleep', async () => {
    const clock = new SteppedClock(0);
    const seen: Array<[string, number]> = [];
    const sleeper = (name: string, ...pauses: number[]) => async () => {
      for (const pause of pauses) {
        await clock.sleep(pause);
        seen.push([name, clock.now()]);
      }
      return name;
    };

    expect(await clock.concurrently([sleeper('a', 50, 50, 50), sleeper('b', 70, 30), sleeper('c')])).toEqual(['a', 'b', 'c']);

    expect(seen).toEqual([['a', 50], ['b', 70], ['a', 100], ['b', 100], ['a', 150]]);
    expect(clock.now()).toBe(150);
  });

  test('the clock stands still while a task waits for something else', async () => {
    const clock = new SteppedClock(0);
    const at = await clock.concurrently([
      async () => {
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        return clock.now();
      },
      async () => {
        await clock.sleep(1000);
        return clock.now();
      },
    ]);

    expect(at).toEqual([0, 1000]);
  });

  test('all tasks with the same wake-up time wake together, and none before', async () => {
    const clock = new SteppedClock(0);
    const ends = await clock.concurrently(Array.from({ length: 200 }, (_, index) => async () => {
      const pause = 1 + (index % 7);
      for (let slept = 0; slept < 420; slept += pause) await clock.sleep(pause);
      return clock.now();
    }));

    expect(new Set(ends)).toEqual(new Set([420]));
  });

  test('tasks can run tasks', async () => {
    const clock = new SteppedClock(0);
    const nap = (ms: number) => async () => {
      await clock.sleep(ms);
      return clock.now();
    };

    const ends = await clock.concurrently([
      async () => [...await clock.concurrently([nap(10), nap(30)]), await nap(5)()],
      async () => [await nap(20)(), await nap(20)()],
    ]);

    expect(ends).toEqual([[10, 30, 35], [20, 40]]);
  });

  test('tasks continue where a test moved the clock past a wake-up', async () => {
    const clock = new SteppedClock(0);
    const [end] = await clock.concurrently([
      async () => {
        await clock.sleep(100);
        return clock.now();
      },
      async () => {
        clock.advance(500);
        return 0;
      },
    ]);

    expect(end).toBe(500);
  });

  test('the first failed task of the list decides the error, after all have ended', async () => {
    const clock = new SteppedClock(0);
    const ended = jest.fn();
    const failing = (ms: number) => async () => {
      await clock.sleep(ms);
      throw new Error(`after ${ms}`);
    };

    await expect(clock.concurrently([failing(20), failing(10), async () => {
      await clock.sleep(100);
      ended(clock.now());
    }])).rejects.toThrow('after 20');

    expect(ended).toHaveBeenCalledWith(100);
    await clock.sleep(5);
    expect(clock.now()).toBe(105);
  });

  test('abandoned sleeps wake once the last task has ended', async () => {
    const clock = new SteppedClock(0);
    let abandoned: Promise<void> | undefined;
    await clock.concurrently([async () => {
      abandoned = clock.sleep(1000);
    }]);

    await abandoned;
    expect(clock.now()).toBe(0);
  });
});

describe('ScaledClock', () => {
  test('a scaled clock runs faster than the wall clock', async () => {
    const clock = new ScaledClock(1000);
    const before = clock.now();
    await clock.sleep(20_000);
    expect(clock.now() - before).toBeGreaterThanOrEqual(19_000);
  });

  test('a factor that is not positive is refused', () => {
    expect(() => new ScaledClock(0)).toThrow('must be greater than 0, got: 0');
  });
});

test('a real clock is the wall clock', async () => {
  const clock = new RealClock();
  await clock.sleep(1);
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
});

describe('Timeline', () => {
  const clock = () => new SteppedClock(0);

  test('due actions run in the order of their times, each at its own time', () => {
    const stepped = clock();
    const timeline = new Timeline(stepped);
    const seen: Array<[string, number]> = [];
    timeline.after(200, () => seen.push(['b', timeline.now()]));
    timeline.after(100, () => seen.push(['a', timeline.now()]));
    timeline.after(200, () => seen.push(['c', timeline.now()]));
    timeline.after(301, () => seen.push(['d', timeline.now()]));
    stepped.advance(300);
    timeline.run(() => seen.push(['look', timeline.now()]));
    expect(seen).toEqual([['a', 100], ['b', 200], ['c', 200], ['look', 300]]);
  });

  test('an action that a due action adds runs as well, if it is due', () => {
    const stepped = clock();
    const timeline = new Timeline(stepped);
    const seen: number[] = [];
    timeline.after(100, () => timeline.after(50, () => seen.push(timeline.now())));
    stepped.advance(1000);
    timeline.run(() => {});
    expect(seen).toEqual([150]);
  });

  test('a cancelled action does not run', () => {
    const stepped = clock();
    const timeline = new Timeline(stepped);
    const action = jest.fn();
    timeline.after(100, action).cancel();
    stepped.advance(1000);
    timeline.run(() => {});
    expect(action).not.toHaveBeenCalled();
  });
});
