import { Problem } from '../../common/http/problem.js';

export const unknown = (id: string) => Problem.notFound({ en: 'emergency', vi: 'bản tin khẩn cấp' }, id);

export const nothingSaid = () =>
  Problem.invalidField('title', 'REQUIRED', {
    en: 'either a hazard with its level, or a title must be given',
    vi: 'phải nêu loại thiên tai cùng cấp độ, hoặc tiêu đề',
  });

export const noAudio = () =>
  Problem.invalidField('sha256', 'UNKNOWN', {
    en: 'there is neither an audio file with this hash nor a template for the hazard, level and use',
    vi: 'không có tệp âm thanh với mã băm này, cũng không có mẫu cho loại thiên tai, cấp độ và mục đích này',
  });

export const misused = () =>
  Problem.invalidField('sha256', 'ALERT_IN_DRILL', {
    en: 'a drill must not play the audio of a real warning; it needs audio that says that it is a drill',
    vi: 'diễn tập không được phát âm thanh cảnh báo thật; cần âm thanh nói rõ là diễn tập',
  });

export const wrongCode = () =>
  Problem.invalidField('confirmationCode', 'WRONG', {
    en: 'this is not the code of the preparation (after five wrong ones it must be prepared anew)',
    vi: 'không đúng mã xác nhận (sau năm lần sai phải chuẩn bị lại)',
  });

export const expired = () =>
  Problem.conflict('EXPIRED', {
    en: 'The preparation was not confirmed in time. Please prepare it anew.',
    vi: 'Bản chuẩn bị đã quá hạn xác nhận. Vui lòng chuẩn bị lại.',
  });

export const changed = () =>
  Problem.conflict('TARGETS_CHANGED', {
    en: 'The clusters addressed are no longer those that were shown. Please prepare it anew.',
    vi: 'Các cụm loa nhận không còn như lúc chuẩn bị. Vui lòng chuẩn bị lại.',
  });

export const notAired = () =>
  Problem.conflict('NOT_AIRED', {
    en: 'This is no warning that has been on the air.',
    vi: 'Đây không phải cảnh báo đã được phát.',
  });
