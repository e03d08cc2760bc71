/** The state of the air. */
export interface Air {
  temperatureC: number;
  relativeHumidityPercent: number;
  pressureKpa: number;
}

const REFERENCE_PRESSURE_KPA = 101.325;
const REFERENCE_TEMPERATURE_K = 293.15;
const TRIPLE_POINT_K = 273.16;

/** Exact midband frequency of an octave band, Hz: 1000·10^(3k/10), k octaves from 1 kHz (ISO 9613-1 clause 6.2, note 7). */
export function exactMidbandHz(nominalHz: number): number {
  const octaves = Math.round(Math.log2(nominalHz / 1000));
  return 1000 * 10 ** ((3 * octaves) / 10);
}

/**
 * Absorption of sound by the air, dB/km, at a frequency in Hz: ISO 9613-1:1993 equations (3) to (5), with the molar concentration of
 * water vapour of its annex B. The standard states ±10 % for −20 to 50 °C, 10 to 100 % relative humidity, below 200 kPa.
 */
export function airAbsorptionDbPerKm(frequencyHz: number, air: Air): number {
  const kelvin = air.temperatureC + 273.15;
  const pressure = air.pressureKpa / REFERENCE_PRESSURE_KPA;
  const warmth = kelvin / REFERENCE_TEMPERATURE_K;
  const saturation = 10 ** (-6.8346 * (TRIPLE_POINT_K / kelvin) ** 1.261 + 4.6151);
  const vapour = (air.relativeHumidityPercent * saturation) / pressure;
  const oxygenHz = pressure * (24 + (4.04e4 * vapour * (0.02 + vapour)) / (0.391 + vapour));
  const nitrogenHz =
    pressure * warmth ** -0.5 * (9 + 280 * vapour * Math.exp(-4.17 * (warmth ** (-1 / 3) - 1)));
  const squared = frequencyHz * frequencyHz;
  const oxygen = (0.01275 * Math.exp(-2239.1 / kelvin)) / (oxygenHz + squared / oxygenHz);
  const nitrogen = (0.1068 * Math.exp(-3352 / kelvin)) / (nitrogenHz + squared / nitrogenHz);
  const classical = (1.84e-11 / pressure) * Math.sqrt(warmth);
  return 1000 * 8.686 * squared * (classical + warmth ** -2.5 * (oxygen + nitrogen));
}
