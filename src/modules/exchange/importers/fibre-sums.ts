import { hamletExcess, type FibreRow, type FibreViolation } from '../../fibre/index.js';

type Figures = Pick<FibreRow, 'households' | 'passed' | 'connected' | 'passed25Mbps' | 'passed100Mbps'>;
export type SummedRow = Figures & Pick<FibreRow, 'areaId' | 'hamletId' | 'operatorCode' | 'quarter'>;

interface Group {
  commune: Figures | null;
  hamlets: Map<string, Figures>;
}

/** What a commune and its hamlets will say of an operator and quarter, with the rows of the file over those that are stored. */
export class FibreSums {
  private readonly groups = new Map<string, Group>();

  static keyOf({ areaId, operatorCode, quarter }: Omit<SummedRow, keyof Figures | 'hamletId'>): string {
    return `${areaId}|${operatorCode}|${quarter}`;
  }

  knows(key: string): boolean {
    return this.groups.has(key);
  }

  /** Groups that have nothing stored are known from now on too. */
  open(keys: Iterable<string>): void {
    for (const key of keys)
      if (!this.groups.has(key)) this.groups.set(key, { commune: null, hamlets: new Map() });
  }

  put(row: SummedRow): void {
    const group = this.groups.get(FibreSums.keyOf(row));
    if (!group) return;
    if (row.hamletId === null) group.commune = row;
    else group.hamlets.set(row.hamletId, row);
  }

  excess(key: string): FibreViolation[] {
    const group = this.groups.get(key);
    return group?.commune ? hamletExcess(group.commune, [...group.hamlets.values()]) : [];
  }
}
