import type { Bilingual } from '../../../common/http/problem.js';

/** Characters, as a person counts them. */
export const PASSWORD_MIN_LENGTH = 12;
/** Room for any passphrase, and a bound to what is hashed. */
export const PASSWORD_MAX_LENGTH = 256;

/**
 * The same password typed with another input method or system must be the same bytes: Vietnamese letters come composed
 * from one and decomposed from the other (NIST SP 800-63B, 5.1.1.2: NFKC or NFKD before hashing).
 */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

/** What is wrong with a new password, if anything: length is what counts, composition rules are not (the same source). */
export function passwordFault(
  password: string,
  username: string,
): { code: string; message: Bilingual } | undefined {
  const length = [...normalizePassword(password)].length;
  if (length < PASSWORD_MIN_LENGTH)
    return {
      code: 'minLength',
      message: {
        en: `password must have at least ${PASSWORD_MIN_LENGTH} characters`,
        vi: `mật khẩu phải có ít nhất ${PASSWORD_MIN_LENGTH} ký tự`,
      },
    };
  if (length > PASSWORD_MAX_LENGTH)
    return {
      code: 'maxLength',
      message: {
        en: `password must not be longer than ${PASSWORD_MAX_LENGTH} characters`,
        vi: `mật khẩu không được dài quá ${PASSWORD_MAX_LENGTH} ký tự`,
      },
    };
  if (normalizePassword(password).trim().toLowerCase() === username.toLowerCase())
    return {
      code: 'USERNAME',
      message: { en: 'password must not be the username', vi: 'mật khẩu không được trùng tên đăng nhập' },
    };
  return undefined;
}
