import { HttpException } from '@nestjs/common';
import { Problem, type Bilingual } from './problem.js';

/** PostgreSQL's SQLSTATE codes that are the caller's doing, or the database's being away. */
const BY_SQLSTATE: Record<string, [status: number, code: string, detail: Bilingual]> = {
  '23505': [409, 'DUPLICATE', { en: 'This already exists.', vi: 'Dữ liệu này đã tồn tại.' }],
  '23P01': [
    409,
    'OVERLAP',
    { en: 'This overlaps with what exists already.', vi: 'Dữ liệu này chồng lấn với dữ liệu đã có.' },
  ],
  '23503': [
    409,
    'REFERENCE',
    {
      en: 'Something it refers to does not exist, or is still in use.',
      vi: 'Đối tượng tham chiếu không tồn tại hoặc đang được dùng.',
    },
  ],
  '23514': [
    400,
    'CHECK',
    { en: 'A value is outside what is allowed.', vi: 'Một giá trị nằm ngoài phạm vi cho phép.' },
  ],
  '22P02': [400, 'SYNTAX', { en: 'A value has the wrong form.', vi: 'Một giá trị sai định dạng.' }],
  '22021': [
    400,
    'ENCODING',
    { en: 'A text holds characters that cannot be stored.', vi: 'Văn bản chứa ký tự không lưu được.' },
  ],
  '22P05': [
    400,
    'ENCODING',
    { en: 'A text holds characters that cannot be stored.', vi: 'Văn bản chứa ký tự không lưu được.' },
  ],
  '22003': [
    400,
    'RANGE',
    { en: 'A number is outside what can be stored.', vi: 'Một số nằm ngoài phạm vi lưu được.' },
  ],
  '22008': [
    400,
    'RANGE',
    { en: 'A date or time is outside what can be stored.', vi: 'Ngày giờ nằm ngoài phạm vi lưu được.' },
  ],
};
const UNAVAILABLE: Bilingual = {
  en: 'The database is not available at the moment. Nothing was changed; please try again.',
  vi: 'Cơ sở dữ liệu tạm thời không truy cập được. Chưa có gì thay đổi; vui lòng thử lại.',
};
const BY_HTTP_STATUS: Record<number, [code: string, detail: Bilingual]> = {
  400: ['BAD_REQUEST', { en: 'The request could not be read.', vi: 'Không đọc được yêu cầu.' }],
  401: ['UNAUTHORIZED', { en: 'Please sign in.', vi: 'Vui lòng đăng nhập.' }],
  403: ['FORBIDDEN', { en: 'You may not do this.', vi: 'Bạn không có quyền thực hiện.' }],
  404: ['NOT_FOUND', { en: 'There is nothing at this address.', vi: 'Không có gì tại địa chỉ này.' }],
  405: ['METHOD', { en: 'This method is not possible here.', vi: 'Phương thức này không dùng được ở đây.' }],
  406: [
    'NOT_ACCEPTABLE',
    { en: 'This cannot be answered in the asked form.', vi: 'Không trả lời được ở dạng yêu cầu.' },
  ],
  413: ['TOO_LARGE', { en: 'The request is too large.', vi: 'Yêu cầu quá lớn.' }],
  414: ['TOO_LARGE', { en: 'The address is too long.', vi: 'Địa chỉ quá dài.' }],
  415: [
    'MEDIA_TYPE',
    { en: 'This kind of content is not accepted here.', vi: 'Không chấp nhận loại nội dung này.' },
  ],
  429: ['TOO_MANY', { en: 'Too many requests. Please wait.', vi: 'Quá nhiều yêu cầu. Vui lòng chờ.' }],
};

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isDatabaseAway(error: Record<string, unknown>): boolean {
  const code = text(error.code);
  return (
    /^(08...|57P0[123]|53[0-9A-Z]{3}|55P03|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      text(error.message),
    )
  );
}

/**
 * Turns whatever was thrown into a `Problem`. What is not the caller's doing comes back as 500 with nothing of its
 * inside; the filter logs it.
 */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const error = record(thrown);
  const driver = record(error.driverError);
  const sqlState =
    typeof driver.code === 'string' ? driver.code : typeof error.code === 'string' ? error.code : '';
  const isSql = 'driverError' in error || 'severity' in error;

  if (
    isSql ||
    error.name === 'QueryFailedError' ||
    error.syscall !== undefined ||
    /onnect/.test(text(error.message))
  ) {
    const known = BY_SQLSTATE[sqlState];
    if (isSql && known) return new Problem(...known);
    if (isDatabaseAway(driver) || isDatabaseAway(error)) return new Problem(503, 'UNAVAILABLE', UNAVAILABLE);
  }
  const status =
    thrown instanceof HttpException
      ? thrown.getStatus()
      : typeof error.statusCode === 'number' && text(error.code).startsWith('FST_')
        ? error.statusCode
        : typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500
          ? error.statusCode
          : 500;
  if (status >= 400 && status < 500) {
    const [code, detail] = BY_HTTP_STATUS[status] ?? ['BAD_REQUEST', BY_HTTP_STATUS[400]![1]];
    const reason = thrown instanceof Error ? ` (${thrown.message.slice(0, 300)})` : '';
    return new Problem(status, code, { en: detail.en + reason, vi: detail.vi });
  }
  return new Problem(500, 'INTERNAL', {
    en: 'Something went wrong on our side. It has been logged under the correlation id.',
    vi: 'Có lỗi phía máy chủ. Lỗi đã được ghi lại theo mã liên kết.',
  });
}
