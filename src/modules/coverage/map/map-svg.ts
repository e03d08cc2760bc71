import { cellsToMultiPolygon } from 'h3-js';
import type { MultiPolygon } from '../../../geo/index.js';
import type { LevelClass } from '../domain/index.js';
import { MapFrame, UNITS_PER_PIXEL, type MapBox } from './frame.js';
import { drawPanel, PAPER } from './map-panel.js';
import type { MapModel } from './map-model.js';
import { CLASS_COLOURS, INK, shortName, xml } from './map-style.js';

const MAP_BOX: MapBox = { left: 30, top: 96, width: 850, height: 694 };

/** More names than this are written smaller. */
const MANY_LABELS = 15;

/**
 * One layer of a run as a picture that needs nothing beside itself: no script, no font, no address. About 0.3 MB for a
 * province at resolution 9.
 */
export function drawMap(model: MapModel): string {
  const outline = model.provinces.length > 0 ? model.provinces : model.communes;
  const frame = new MapFrame(outline.length > 0 ? outline : model.communes, MAP_BOX);
  const { width, height } = PAPER;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"`,
    ` font-family="'Be Vietnam Pro','Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif" fill="${INK.text}">`,
    drawPanel(model, frame),
    drawGround(model, frame),
    drawSites(model, frame),
    drawLabels(model, frame),
    `</svg>`,
  ].join('\n');
}

function drawGround(model: MapModel, frame: MapFrame): string {
  const scale = `transform="scale(${1 / UNITS_PER_PIXEL})"`;
  const line = (shapes: readonly (MultiPolygon | MapModel['communes'][number])[], style: string) =>
    `<path d="${frame.path(shapes)}" fill="none" stroke-linejoin="round" ${style}/>`;
  const px = (pixels: number) => pixels * UNITS_PER_PIXEL;
  return [
    `<clipPath id="ps-land"><path ${scale} d="${frame.path(model.communes)}"/></clipPath>`,
    `<g clip-path="url(#ps-land)"><g ${scale}>`,
    ...model.classes
      .filter(({ cells }) => cells.length > 0)
      .map(({ name, cells }) => drawClass(frame, name, cells)),
    `</g></g><g ${scale}>`,
    line(model.communes, `stroke="#fff" stroke-opacity=".75" stroke-width="${px(0.7)}"`),
    line(model.districts, `stroke="${INK.line}" stroke-opacity=".8" stroke-width="${px(1)}"`),
    line(model.provinces, `stroke="${INK.line}" stroke-width="${px(1.8)}"`),
    `</g>`,
  ].join('\n');
}

/** The cells of a class as one shape: no seams between them, and a tenth of the size. */
function drawClass(frame: MapFrame, name: LevelClass, cells: string[]): string {
  const shape: MultiPolygon = {
    type: 'MultiPolygon',
    coordinates: cellsToMultiPolygon(cells, true),
  };
  return `<path fill="${CLASS_COLOURS[name]}" fill-rule="evenodd" d="${frame.path([shape])}"/>`;
}

function drawSites(model: MapModel, frame: MapFrame): string {
  const dots = model.sites
    .map(([lon, lat]) => frame.pixel(lon, lat).map((value) => value.toFixed(1)))
    .map(([x, y]) => `M${x},${y}h0`)
    .join('');
  if (dots === '') return '';
  // A line of no length with round ends is a dot, in a tenth of the bytes of a circle.
  return `<g fill="none" stroke-linecap="round"><path d="${dots}" stroke="#fff" stroke-opacity=".85" stroke-width="3.8"/><path d="${dots}" stroke="${INK.site}" stroke-width="2.7"/></g>`;
}

function drawLabels(model: MapModel, frame: MapFrame): string {
  const labels = model.labels.map(({ name, at: [lon, lat] }) => {
    const [x, y] = frame.pixel(lon, lat);
    return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}">${xml(shortName(name))}</text>`;
  });
  return `<g font-size="${model.labels.length > MANY_LABELS ? 12 : 15}" font-weight="600" text-anchor="middle" stroke="#fff" stroke-opacity=".9" stroke-width="4" stroke-linejoin="round" paint-order="stroke">${labels.join('')}</g>`;
}
