import { RealClock, ScaledClock, SteppedClock } from './clock';
import { Timeline } from './timeline';

describe('SteppedClock', () => {
  test('stands still until it is moved', () => {
    const clock = new SteppedClock(1000);
    expect(clock.now()).toBe(1000);
    clock.advance(500);
    clock.advanceTo(new Date(2000));
    expect(clock.now()).toBe(2000);
  });

  test('is moved by a sleep', async () => {
    const clock = new SteppedClock(0);
    await clock.sleep(30_000);
    expect(clock.now()).toBe(30_000);
  });

  test('fails to go back', () => {
    const clock = new SteppedClock(1000);
    expect(() => clock.advance(-1)).toThrow('A clock only goes forward');
    expect(() => clock.advanceTo(999)).toThrow('A clock only goes forward');
  });
});

describe('ScaledClock', () => {
  test('runs faster than the wall clock', async () => {
    const clock = new ScaledClock(1000);
    const before = clock.now();
    await clock.sleep(20_000);
    expect(clock.now() - before).toBeGreaterThanOrEqual(19_000);
  });

  test('fails for a factor that is not positive', () => {
    expect(() => new ScaledClock(0)).toThrow('must be greater than 0, got: 0');
  });
});

test('RealClock is the wall clock', async () => {
  const clock = new RealClock();
  await clock.sleep(1);
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
});

describe('Timeline', () => {
  const clock = () => new SteppedClock(0);

  test('applies what is due, in the order of the times, at its own time', () => {
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

  test('applies what follows from what was due, if that is due as well', () => {
    const stepped = clock();
    const timeline = new Timeline(stepped);
    const seen: number[] = [];
    timeline.after(100, () => timeline.after(50, () => seen.push(timeline.now())));
    stepped.advance(1000);
    timeline.run(() => {});
    expect(seen).toEqual([150]);
  });

  test('forgets what was cancelled', () => {
    const stepped = clock();
    const timeline = new Timeline(stepped);
    const action = jest.fn();
    timeline.after(100, action).cancel();
    stepped.advance(1000);
    timeline.run(() => {});
    expect(action).not.toHaveBeenCalled();
  });
});
