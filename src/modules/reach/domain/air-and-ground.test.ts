import { airAbsorptionDbPerKm, exactMidbandHz } from './air-absorption.js';
import { groundAttenuationDb, OCTAVE_BANDS_HZ, type GroundPath } from './ground-effect.js';
import { A_WEIGHTING_DB, SPEECH_SHARES } from './speech-bands.js';

const air = (temperatureC: number, relativeHumidityPercent: number) => ({
  temperatureC,
  relativeHumidityPercent,
  pressureKpa: 101.325,
});

/** ISO 9613-1:1993 table 1, dB/km at the exact midband frequencies of octaves from 125 Hz; in the digits published. */
test.each<[number, number, string[]]>([
  [10, 70, ['0.41', '1.04', '1.93', '3.66', '9.66', '32.8', '117']],
  [20, 70, ['0.34', '1.13', '2.80', '4.98', '9.02', '22.9', '76.6']],
  [30, 70, ['0.26', '0.96', '3.14', '7.41', '12.7', '23.1', '59.3']],
])('absorption at %i °C and %i %% is as the standard tabulates it', (temperatureC, humidity, published) => {
  published.forEach((expected, i) => {
    const alpha = airAbsorptionDbPerKm(exactMidbandHz(125 * 2 ** i), air(temperatureC, humidity));
    expect(alpha.toFixed(expected.split('.')[1]?.length ?? 0)).toBe(expected);
  });
});

/** ISO 9613-2:1996 table 2, in one decimal place; its last digit is not always the nearest. */
test.each<[number, number, number[]]>([
  [15, 20, [0.3, 0.6, 1.2, 2.7, 8.2, 28.2, 88.8, 202]],
  [15, 50, [0.1, 0.5, 1.2, 2.2, 4.2, 10.8, 36.2, 129]],
  [15, 80, [0.1, 0.3, 1.1, 2.4, 4.1, 8.3, 23.7, 82.8]],
])('absorption at %i °C and %i %% is that of table 2 of ISO 9613-2', (temperatureC, humidity, published) => {
  OCTAVE_BANDS_HZ.forEach((band, i) => {
    const alpha = airAbsorptionDbPerKm(exactMidbandHz(band), air(temperatureC, humidity));
    expect(Math.abs(alpha - (published[i] as number))).toBeLessThan(alpha > 99 ? 0.5 : 0.06);
  });
});

/** Test cases T01 to T03 of ISO/TR 17534-3: 93 dB in each octave at (10, 10, 1), heard at (200, 50, 4), 20 °C, 70 %. */
test.each([
  [0, 44.29],
  [0.5, 41.53],
  [1, 39.14],
])(
  'the whole of ISO 9613-2 over flat ground of G = %f gives the published %f dB(A)',
  (groundFactor, level) => {
    const path: GroundPath = {
      sourceHeightM: 1,
      receiverHeightM: 4,
      distanceM: Math.hypot(190, 40),
      groundFactor,
    };
    const distanceM = Math.hypot(path.distanceM, 3);
    const energy = OCTAVE_BANDS_HZ.reduce((sum, band) => {
      const absorption = (airAbsorptionDbPerKm(exactMidbandHz(band), air(20, 70)) * distanceM) / 1000;
      const attenuation = 20 * Math.log10(distanceM) + 11 + absorption + groundAttenuationDb(band, path);
      return sum + 10 ** ((93 - attenuation + A_WEIGHTING_DB[band]) / 10);
    }, 0);
    expect(10 * Math.log10(energy)).toBeCloseTo(level, 1);
  },
);

test('the shares of the speech bands add up to one, the low ones carry most', () => {
  expect(SPEECH_SHARES.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  expect([...SPEECH_SHARES]).toEqual([...SPEECH_SHARES].sort((a, b) => b - a));
});
