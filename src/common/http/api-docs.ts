import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiProperty,
  ApiPropertyOptional,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { Problem, problemBody } from './problem.js';

class FieldProblemDto {
  @ApiProperty({ example: 'cells.0.azimuthDeg' }) field: string;
  @ApiProperty({ example: 'max' }) code: string;
  @ApiProperty({ example: 'azimuthDeg must not be greater than 360' }) message: string;
  @ApiProperty({ example: 'azimuthDeg không được lớn hơn 360' }) messageVi: string;
}

/** RFC 9457. */
export class ProblemDto {
  @ApiProperty({ example: 'urn:phu-song:problem:invalid' }) type: string;
  @ApiProperty({ example: 'Bad request' }) title: string;
  @ApiProperty({ example: 400 }) status: number;
  @ApiProperty({ example: 'INVALID' }) code: string;
  @ApiProperty({ example: 'Not accepted, because of: cells.0.azimuthDeg.' }) detail: string;
  @ApiProperty({ example: 'Không chấp nhận, vì: cells.0.azimuthDeg.' }) detailVi: string;
  @ApiPropertyOptional({ example: '/api/v1/sites' }) instance?: string;
  @ApiPropertyOptional({ example: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11' }) correlationId?: string;
  @ApiPropertyOptional({ type: [FieldProblemDto] }) errors?: FieldProblemDto[];
}

const EXAMPLES: Record<number, Problem> = {
  400: Problem.invalidField('limit', 'max', {
    en: 'limit must not be greater than 1000',
    vi: 'limit không được lớn hơn 1000',
  }),
  401: Problem.unauthorized({ en: 'Please sign in.', vi: 'Vui lòng đăng nhập.' }),
  403: Problem.forbidden({
    en: 'This needs the permission sites:write.',
    vi: 'Thao tác này cần quyền sites:write.',
  }),
  404: Problem.notFound({ en: 'site', vi: 'trạm' }, 'HGI-VTL-0001'),
  409: Problem.conflict('DUPLICATE', { en: 'This already exists.', vi: 'Dữ liệu này đã tồn tại.' }),
  413: new Problem(413, 'TOO_LARGE', { en: 'The request is too large.', vi: 'Yêu cầu quá lớn.' }),
  415: new Problem(415, 'MEDIA_TYPE', {
    en: 'This kind of content is not accepted here.',
    vi: 'Không chấp nhận loại nội dung này.',
  }),
  416: new Problem(416, 'RANGE', {
    en: 'The range lies outside the file.',
    vi: 'Khoảng byte nằm ngoài tệp.',
  }),
  422: new Problem(422, 'IDEMPOTENCY_KEY_REUSED', {
    en: 'This Idempotency-Key was used for another request. A new request needs a new key.',
    vi: 'Idempotency-Key này đã dùng cho một yêu cầu khác. Yêu cầu mới cần khóa mới.',
  }),
  429: new Problem(429, 'TOO_MANY', {
    en: 'Too many requests. Please wait.',
    vi: 'Quá nhiều yêu cầu. Vui lòng chờ.',
  }),
  503: new Problem(503, 'UNAVAILABLE', {
    en: 'The database is not available at the moment.',
    vi: 'Cơ sở dữ liệu tạm thời không truy cập được.',
  }),
};

/** Names the errors a route can answer with, each with its example. 401 and 403 come with the permission. */
export function ApiProblems(...statuses: number[]) {
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: EXAMPLES[status]?.message ?? 'Error',
        content: {
          'application/problem+json': {
            schema: { $ref: getSchemaPath(ProblemDto) },
            example: EXAMPLES[status] ? problemBody(EXAMPLES[status]) : undefined,
          },
        },
      }),
    ),
  );
}

/** A page of `item`. */
export function ApiPage(item: Type, example: unknown) {
  return applyDecorators(
    ApiExtraModels(item),
    ApiOkResponse({
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['items', 'nextCursor'],
            properties: {
              items: { type: 'array', items: { $ref: getSchemaPath(item) } },
              nextCursor: { type: 'string', nullable: true },
            },
          },
          example: { items: [example], nextCursor: null },
        },
      },
    }),
  );
}
