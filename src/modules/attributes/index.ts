export { AttributesModule } from './attributes.module.js';
export { AttributesService } from './attributes.service.js';
export { AttributesField, AttributesFilterField } from './attribute.fields.js';
export { attributeCondition, attributeValueSql } from './attribute-sql.js';
export { ATTRIBUTE_PREFIX, type AttributeFilter } from './domain/attribute-filter.js';
export {
  ATTRIBUTE_RESOURCES,
  type Attribute,
  type AttributeMode,
  type AttributeValues,
} from './domain/attribute.js';
export { checkAttributes, mergeAttributes } from './domain/check-attributes.js';
