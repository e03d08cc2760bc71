/** Columns of a `FibreRow`, from `fibre_coverage f` and its commune `areas a`. */
export const FIBRE_COLUMNS = `f.id, f.area_id as "areaId", a.code as "communeCode", a.full_name as "communeName",
  f.operator_code as "operatorCode", f.quarter, f.households, f.passed, f.connected, f.source, f.version`;
