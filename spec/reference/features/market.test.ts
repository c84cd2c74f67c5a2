import { expect, test } from 'vitest';
import { marketOfRace, type Price, type Runner } from './market.ts';

/** Minutes after some midnight. */
const at = (minutes: number) => minutes * 60_000;

const runner = (horse_id: string, is_starter = true): Runner => ({
  race_id: 'r',
  horse_id,
  is_starter,
  decision: at(600),
});
const price = (horse_id: string, minutes: number, value: number, book = 'a'): Price => ({
  horse_id,
  book,
  at: at(minutes),
  price: value,
});

test('two horses of one book, worked out by hand', () => {
  const prices = [
    price('x', 300, 4),
    price('x', 540, 5),
    price('x', 590, 2),
    price('x', 600, 1.5),
    price('y', 480, 4),
  ];
  const [x, y] = marketOfRace([runner('x'), runner('y')], prices);
  // The price at 600 comes at the decision: too late. 1/2 and 1/4 make a book of 3/4.
  expect(x).toMatchObject({ best_price: 2, implied_prob: 0.5, open_prob: 0.25, move: 0.25 });
  expect(x?.['devig_prob']).toBeCloseTo(2 / 3, 12);
  // 290 minutes from 300 to 590; an hour before the decision, at 540, the price of that minute stood.
  expect(x?.['velocity_per_hour']).toBeCloseTo(0.25 / (290 / 60), 12);
  expect(x?.['last_hour_move']).toBeCloseTo(1 / 2 - 1 / 5, 12);
  expect(x).toMatchObject({ price_rank: 1, is_favourite: true, spread: null, volume: null });
  expect(x).toMatchObject({ books: 1, snapshots: 3, price_age_minutes: 10 });
  expect(y).toMatchObject({
    velocity_per_hour: null,
    last_hour_move: 0,
    price_rank: 2,
    snapshots: 1,
  });
});

test('a starter without a price leaves the race without de-vigged probabilities, a withdrawn one does not', () => {
  const prices = [price('x', 300, 2), price('x', 500, 4, 'b'), price('w', 300, 2)];
  const [x, y, w] = marketOfRace([runner('x'), runner('y'), runner('w', false)], prices);
  // Two books: (1/2 + 1/4)/2; the spread from 2 to 4.
  expect(x).toMatchObject({ implied_prob: 0.375, best_price: 4, spread: 0.25, devig_prob: null });
  expect(y).toMatchObject({ implied_prob: null, price_rank: null, is_favourite: false, books: 0 });
  expect(w).toMatchObject({ implied_prob: 0.5, devig_prob: null, price_rank: null });
  const [alone] = marketOfRace([runner('x'), runner('w', false)], prices);
  expect(alone?.['devig_prob']).toBe(1);
});

test('joint favourites, both sides of an exchange, and prices of during the race', () => {
  const exchange = { ...price('x', 300, 4), lay: 5, volume: 120 };
  const inPlay = { ...price('x', 400, 1.1), in_play: true };
  const [x, y] = marketOfRace([runner('x'), runner('y')], [exchange, inPlay, price('y', 300, 4)]);
  expect(x?.['spread']).toBeCloseTo(1 / 4 - 1 / 5, 12);
  expect(x).toMatchObject({ volume: 120, price_rank: 1, devig_prob: 0.5 });
  expect(y).toMatchObject({ price_rank: 1, is_favourite: true });
});
