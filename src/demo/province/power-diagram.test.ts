import { signedArea } from './plane.js';
import { type Generator, fitAreas, powerCell } from './power-diagram.js';
import { randomStream } from './random.js';

/** A ring of generators at 10 km, so that the cells near the middle are bounded. */
function around(): Generator[] {
  return Array.from({ length: 16 }, (_, i) => {
    const angle = (i * Math.PI) / 8;
    return { at: [10 * Math.cos(angle), 10 * Math.sin(angle)], weight: 0 };
  });
}

describe('power diagram', () => {
  it('halves the distance between generators of equal weight and labels the edges', () => {
    const generators: Generator[] = [
      { at: [0, 0], weight: 0 },
      { at: [2, 0], weight: 0 },
      { at: [-2, 0], weight: 0 },
      { at: [0, 2], weight: 0 },
      { at: [0, -2], weight: 0 },
    ];
    const cell = powerCell(generators, 0);
    expect(signedArea(cell.vertices)).toBeCloseTo(4, 12);
    expect([...cell.neighbours].sort()).toEqual([1, 2, 3, 4]);
  });

  it('moves a border towards the lighter generator', () => {
    const cell = powerCell(
      [
        { at: [0, 0], weight: 1 },
        { at: [2, 0], weight: 0 },
      ],
      0,
    );
    expect(Math.max(...cell.vertices.map((v) => v[0]))).toBeCloseTo(1.25, 12);
  });

  it('reports a covered generator as an empty cell', () => {
    const generators: Generator[] = [{ at: [0, 0], weight: 0 }, { at: [0.1, 0], weight: 500 }, ...around()];
    expect(powerCell(generators, 0).vertices).toHaveLength(0);
  });

  it('fits wanted areas, also from a start in which a cell is empty', () => {
    const random = randomStream(7, 'test');
    const targets = [3, 40, 12, 1, 25];
    const own: Generator[] = targets.map(() => ({
      at: [random.between(-4, 4), random.between(-4, 4)],
      weight: 0,
    }));
    const first = own[0];
    if (first) first.weight = -1000;
    const cells = fitAreas([...own, ...around()], targets);
    cells.forEach((cell, i) => expect(signedArea(cell.vertices)).toBeCloseTo(targets[i] ?? 0, 6));
  });
});
