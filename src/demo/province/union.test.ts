import { type Ring, signedArea } from './plane.js';
import { unionOfRings } from './union.js';

const square = (x: number, y: number): Ring => [
  [x, y],
  [x + 1, y],
  [x + 1, y + 1],
  [x, y + 1],
  [x, y],
];

describe('union of rings', () => {
  it('drops the edges that two rings share', () => {
    const [polygon, ...rest] = unionOfRings([square(0, 0), square(1, 0)]);
    expect(rest).toHaveLength(0);
    expect(polygon).toHaveLength(1);
    expect(polygon?.[0]).toHaveLength(7);
    expect(signedArea(polygon?.[0] ?? [])).toBe(2);
  });

  it('keeps a hole, clockwise, with its polygon', () => {
    const around = [0, 1, 2].flatMap((x) =>
      [0, 1, 2].filter((y) => x !== 1 || y !== 1).map((y) => square(x, y)),
    );
    const [polygon, ...rest] = unionOfRings(around);
    expect(rest).toHaveLength(0);
    expect(polygon?.map((ring) => signedArea(ring))).toEqual([9, -1]);
  });

  it('keeps parts that touch in a point as simple rings', () => {
    const parts = unionOfRings([square(0, 0), square(1, 1), square(5, 5)]);
    expect(parts.map((polygon) => polygon.map((ring) => signedArea(ring)))).toEqual([[1], [1], [1]]);
  });
});
