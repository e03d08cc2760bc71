/** Columns of a `FibreRow`, from the view `fibre_figures f`: open quarters as they stand, closed ones as their snapshot has them. */
export const FIBRE_COLUMNS = `f.id, f.area_id as "areaId", f.commune_code as "communeCode", f.commune_name as "communeName",
  f.hamlet_id as "hamletId", f.hamlet_code as "hamletCode", f.hamlet_name as "hamletName",
  f.operator_code as "operatorCode", f.quarter, f.households, f.passed, f.connected,
  f.passed_25_mbps as "passed25Mbps", f.passed_100_mbps as "passed100Mbps", f.source, f.attributes,
  f.version`;
