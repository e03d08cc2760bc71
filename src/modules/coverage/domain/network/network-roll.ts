import { byText, type Layer, type PreparedTransmitters, type Transmitter } from '../transmitters.js';

/** A site's transmitters: from the first to the end (exclusive) of the list. */
export interface RollSite {
  slot: number;
  first: number;
  end: number;
}

/** What the roll was like at some time. */
export interface RollMark {
  layers: number;
  sites: number;
  transmitters: number;
  renumbered: number;
  dropped: number[];
}

const GREATEST_RANK = 2 ** 31 - 1;

/**
 * Who is in the network. Lists only grow, so places in them stay good; which of two transmitters comes first in the order of a run, by site
 * code and then by cell code, is told by ranks, which leave gaps for those to come.
 */
export class NetworkRoll {
  readonly layers: Layer[];
  readonly transmitters: Transmitter[] = [];
  readonly siteCodes: string[] = [];
  private readonly sites: (RollSite | undefined)[] = [];
  /** Of those present, by code; and those of them that have transmitters in the order of codes. */
  private readonly slots = new Map<string, number>();
  private readonly order: RollSite[] = [];
  private renumbered = 0;
  private mark: RollMark | undefined;

  /** @param ranksFor where the ranks of so many transmitters are kept; what was there before is kept */
  constructor(
    prepared: PreparedTransmitters,
    private readonly ranksFor: (count: number) => Int32Array,
  ) {
    this.layers = [...prepared.layers];
    for (const transmitter of prepared.transmitters) this.enter(transmitter, transmitter.siteIndex);
    for (let slot = 0; slot < this.siteCodes.length; slot++) this.siteCodes[slot] ??= '';
    for (const site of this.sites) if (site) this.order.push(site);
    this.renumber();
  }

  /** Begins a change; `rollBack` with the mark that it gives undoes all from here on. */
  begin(): RollMark {
    this.mark = {
      layers: this.layers.length,
      sites: this.siteCodes.length,
      transmitters: this.transmitters.length,
      renumbered: this.renumbered,
      dropped: [],
    };
    return this.mark;
  }

  /** Takes a site out; undefined when none of that code is there. */
  drop(code: string): RollSite | undefined {
    const slot = this.slots.get(code);
    if (slot === undefined) return undefined;
    const site = this.sites[slot];
    this.slots.delete(code);
    if (site) this.order.splice(this.placeOf(code), 1);
    this.mark?.dropped.push(slot);
    return site;
  }

  /** Puts sites in, none of which is there, with new places in all lists. */
  put(prepared: PreparedTransmitters): RollSite[] {
    const slots = new Map<number, number>();
    const first = this.siteCodes.length;
    for (const transmitter of prepared.transmitters) {
      let slot = slots.get(transmitter.siteIndex);
      if (slot === undefined) slots.set(transmitter.siteIndex, (slot = first + slots.size));
      const layer = prepared.layers[transmitter.layerIndex] as Layer;
      this.enter({ ...transmitter, layerIndex: this.layerIndex(layer) }, slot);
    }
    const put = this.sites.slice(first) as RollSite[];
    for (const site of put) this.line(site);
    return put;
  }

  rollBack(mark: RollMark): void {
    for (const slot of this.sites.keys()) {
      if (slot < mark.sites) continue;
      const code = this.siteCodes[slot] as string;
      if (this.slots.get(code) !== slot) continue;
      this.slots.delete(code);
      this.order.splice(this.placeOf(code), 1);
    }
    this.layers.length = mark.layers;
    this.siteCodes.length = this.sites.length = mark.sites;
    this.transmitters.length = mark.transmitters;
    for (const slot of mark.dropped.toReversed()) {
      const code = this.siteCodes[slot] as string;
      const site = this.sites[slot];
      this.slots.set(code, slot);
      if (site) this.order.splice(this.placeOf(code), 0, site);
    }
    // Who was out while all were given new ranks has an old one.
    if (this.renumbered !== mark.renumbered) this.renumber();
  }

  private enter(transmitter: Transmitter, slot: number): void {
    const id = this.transmitters.length;
    const site = this.sites[slot];
    if (site) site.end = id + 1;
    else {
      this.sites[slot] = { slot, first: id, end: id + 1 };
      this.siteCodes[slot] = transmitter.siteCode;
      this.slots.set(transmitter.siteCode, slot);
    }
    this.transmitters.push({ ...transmitter, siteIndex: slot });
  }

  private layerIndex({ operatorCode, technology }: Layer): number {
    const known = this.layers.findIndex(
      (layer) => layer.operatorCode === operatorCode && layer.technology === technology,
    );
    return known >= 0 ? known : this.layers.push({ operatorCode, technology }) - 1;
  }

  /** Where in the order a site of this code is or would be. */
  private placeOf(code: string): number {
    let low = 0;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.siteCodes[(this.order[middle] as RollSite).slot] as string;
      if (byText(other, code) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Gives a new site its place in the order, and its transmitters ranks between their neighbours'. */
  private line(site: RollSite): void {
    const place = this.placeOf(this.siteCodes[site.slot] as string);
    const before = this.order[place - 1];
    const after = this.order[place];
    this.order.splice(place, 0, site);
    const ranks = this.ranksFor(this.transmitters.length);
    const least = before ? (ranks[before.end - 1] as number) : 0;
    const most = after ? (ranks[after.first] as number) : GREATEST_RANK;
    const gap = Math.floor((most - least) / (site.end - site.first + 1));
    if (gap < 1) this.renumber();
    else for (let id = site.first; id < site.end; id++) ranks[id] = least + gap * (id - site.first + 1);
  }

  private renumber(): void {
    this.renumbered++;
    const ranks = this.ranksFor(this.transmitters.length);
    const gap = Math.floor(GREATEST_RANK / (this.transmitters.length + 1));
    let rank = 0;
    for (const { first, end } of this.order) for (let id = first; id < end; id++) ranks[id] = rank += gap;
  }
}
