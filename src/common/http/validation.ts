import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { fieldProblem, Problem, type FieldProblem } from './problem.js';

/** Vietnamese for class-validator's constraints; `{n}` is the number in the English sentence. */
const VIETNAMESE: Record<string, string> = {
  whitelistValidation: 'không phải là trường được biết đến',
  isString: 'phải là chuỗi ký tự',
  isNumber: 'phải là số',
  isInt: 'phải là số nguyên',
  isBoolean: 'phải là true hoặc false',
  isArray: 'phải là danh sách',
  isUuid: 'phải là UUID',
  isIso8601: 'phải là thời điểm ISO 8601',
  isDateString: 'phải là ngày hoặc thời điểm ISO 8601',
  isEnum: 'không nằm trong các giá trị cho phép',
  isIn: 'không nằm trong các giá trị cho phép',
  isNotEmpty: 'không được để trống',
  isDefined: 'phải có',
  min: 'không được nhỏ hơn {n}',
  max: 'không được lớn hơn {n}',
  minLength: 'phải có ít nhất {n} ký tự',
  maxLength: 'không được dài quá {n} ký tự',
  arrayMinSize: 'phải có ít nhất {n} phần tử',
  arrayMaxSize: 'không được quá {n} phần tử',
  arrayUnique: 'không được có phần tử trùng nhau',
  matches: 'không đúng mẫu',
  isLatitude: 'phải là vĩ độ từ -90 đến 90',
  isLongitude: 'phải là kinh độ từ -180 đến 180',
  isObject: 'phải là đối tượng',
  nestedValidation: 'phải là đối tượng hoặc danh sách đối tượng',
  isPositive: 'phải là số dương',
};

function flatten(errors: ValidationError[], parent: string): FieldProblem[] {
  return errors.flatMap((error) => {
    const field = parent ? `${parent}.${error.property}` : error.property;
    const own = Object.entries(error.constraints ?? {}).map(([constraint, text]) => {
      const number = /-?\d+(\.\d+)?/.exec(text.replace(error.property, ''))?.[0] ?? '';
      const vi = VIETNAMESE[constraint]?.replace('{n}', number) ?? 'không hợp lệ';
      const en = constraint === 'whitelistValidation' ? `${error.property} is not a known field` : text;
      const code = constraint === 'whitelistValidation' ? 'UNKNOWN_FIELD' : constraint;
      return fieldProblem(field, code, { en, vi: `${error.property} ${vi}` });
    });
    return [...own, ...flatten(error.children ?? [], field)];
  });
}

/** Checks bodies and queries against their classes; unknown fields are refused, every failure is listed. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: false,
    exceptionFactory: (errors) => Problem.invalid(flatten(errors, '')),
  });
}
