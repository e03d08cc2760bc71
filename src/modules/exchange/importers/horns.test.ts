import { hornColumns, hornsOf } from './horns.js';
import { quietHoursOf, quietHoursText } from './quiet-hours.js';

const TWO = [
  { powerW: 30, azimuthDeg: 0 },
  { powerW: 7.5, azimuthDeg: 225 },
];

describe('horns in the columns of a row', () => {
  it('come back as they were', () => {
    expect(hornsOf(hornColumns(TWO), [])).toEqual({ horns: TWO, faults: [] });
    expect(hornsOf(hornColumns([]), TWO)).toEqual({ horns: [], faults: [] });
  });

  it('are read as people write them, and stay where nothing is said', () => {
    expect(hornsOf({ hornPowersW: '7,5 W', hornAzimuthsDeg: 'Đông; 225°' }, TWO).horns).toEqual([
      { powerW: 7.5, azimuthDeg: 90 },
      { powerW: 7.5, azimuthDeg: 225 },
    ]);
    expect(hornsOf({ hornAzimuthsDeg: '0, 90' }, TWO).horns.map(({ powerW }) => powerW)).toEqual([30, 7.5]);
    expect(hornsOf({ hornCount: 2, hornPowersW: null }, TWO)).toEqual({ horns: TWO, faults: [] });
  });

  it('keep what no column tells of them', () => {
    const known = TWO.map((horn) => ({ ...horn, sensitivityDb: 110, dispersionDeg: 60 }));
    expect(hornsOf({ hornPowersW: '15; 25', hornAzimuthsDeg: '1; 2' }, known).horns).toEqual([
      { powerW: 15, azimuthDeg: 1, sensitivityDb: 110, dispersionDeg: 60 },
      { powerW: 25, azimuthDeg: 2, sensitivityDb: 110, dispersionDeg: 60 },
    ]);
  });

  it('are refused when there are not as many of each', () => {
    const faults = (columns: object) =>
      hornsOf(columns, TWO).faults.map(({ field, code }) => `${field} ${code}`);
    expect(faults({ hornCount: 3 })).toEqual(['hornPowersW HORNS', 'hornAzimuthsDeg HORNS']);
    expect(faults({ hornAzimuthsDeg: '0; 90; 180' })).toEqual(['hornPowersW HORNS']);
    expect(faults({ hornCount: 1.5 })).toEqual(['hornCount RANGE']);
    expect(faults({ hornPowersW: '30; mạnh' })).toEqual(['hornPowersW NUMBER']);
  });
});

describe('quiet hours', () => {
  it('come back as they were, and are refused when they are none', () => {
    const spans = [
      { from: '21:00', to: '05:00' },
      { from: '11:30', to: '13:00' },
    ];
    expect(quietHoursOf(quietHoursText(spans))).toEqual(spans);
    expect(quietHoursOf(quietHoursText([]))).toEqual([]);
    expect(quietHoursOf('21h-5h')).toEqual([{ from: '21:00', to: '05:00' }]);
    expect(quietHoursOf(null)).toBeUndefined();
    expect(quietHoursOf('đêm')).toBeNull();
  });
});
