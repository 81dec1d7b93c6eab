import { alarmStateFor, errorAlarm } from '../../../../local/demo/swap/error-alarm.ts';
import { seen } from './seen-pair.ts';

const speed = 20;
const minute = 60_000 / speed;
const failing = (at: number, blue: number, green = 0) =>
  seen(at, { blue: { failures: blue }, green: { failures: green } });

test('it goes off when both colours together gave users too many errors within its period', () => {
  const { threshold } = errorAlarm;
  expect(alarmStateFor([failing(0, 0), failing(100, threshold - 1)], speed)).toBe('OK');
  expect(alarmStateFor([failing(0, 0), failing(100, threshold - 1, 1)], speed)).toBe('ALARM');
});

test('errors of a minute ago no longer count', () => {
  const history = [failing(0, 0), failing(100, 9), failing(minute, 9)];
  expect(alarmStateFor(history, speed)).toBe('ALARM');
  expect(alarmStateFor([...history, failing(minute + 100, 9)], speed)).toBe('OK');
});

test('nothing seen is no alarm', () => {
  expect(alarmStateFor([], speed)).toBe('OK');
});
