import fc from 'fast-check';
import { DEFAULT_VOICE } from '../rendition-item.js';
import { speakable } from './speakable.js';
import { LONGEST_TEXT } from './text-faults.js';

const spoken = (text: string): string | null => speakable(text).spokenText;

describe('what is written short is said long', () => {
  it.each([
    // Numbers
    ['có 0 hộ', 'có không hộ'],
    ['10 người', 'mười người'],
    ['15 em', 'mười lăm em'],
    ['21 ấp', 'hai mươi mốt ấp'],
    ['24 giờ', 'hai mươi tư giờ'],
    ['105 hộ', 'một trăm linh năm hộ'],
    ['1.001 cây', 'một nghìn không trăm linh một cây'],
    ['1.234,5', 'một nghìn hai trăm ba mươi tư phẩy năm'],
    ['12.345.678', 'mười hai triệu ba trăm bốn mươi lăm nghìn sáu trăm bảy mươi tám'],
    ['2000000000', 'hai tỷ'],
    ['1.000.000.000.000', 'một nghìn tỷ'],
    ['0,5', 'không phẩy năm'],
    ['3,14', 'ba phẩy mười bốn'],
    ['2,05', 'hai phẩy không năm'],
    ['1.5', 'một phẩy năm'],
    ['05 hộ dân', 'năm hộ dân'],
    ['007', 'không không bảy'],
    ['lạnh -5 độ', 'lạnh âm năm độ'],
    ['1/2 xã', 'một phần hai xã'],
    ['3/4', 'ba phần tư'],
    ['3 x 4', 'ba nhân bốn'],
    // Ordinals and Roman numbers
    ['lần thứ 1', 'lần thứ nhất'],
    ['thứ 4 tuần sau', 'thứ tư tuần sau'],
    ['thế kỷ XXI', 'thế kỷ hai mươi mốt'],
    ['khóa X, kỳ họp thứ IV', 'khóa mười, kỳ họp thứ tư'],
    ['Đại hội lần thứ XIV', 'Đại hội lần thứ mười bốn'],
    ['quý IV', 'quý tư'],
    // Telephone numbers
    ['0912 345 678', 'không chín một hai ba bốn năm sáu bảy tám'],
    ['ĐT: 0293.3876.543', 'điện thoại: không hai chín ba ba tám bảy sáu năm bốn ba'],
    ['+84 912 345 678', 'cộng tám bốn chín một hai ba bốn năm sáu bảy tám'],
    ['gọi 114', 'gọi một một bốn'],
    ['đường dây nóng 1022', 'đường dây nóng một không hai hai'],
    // Dates
    ['22/11/2026', 'ngày hai mươi hai tháng mười một năm hai nghìn không trăm hai mươi sáu'],
    ['ngày 22-11', 'ngày hai mươi hai tháng mười một'],
    ['ngày 02/9', 'ngày hai tháng chín'],
    ['Lễ 30/4', 'Lễ ngày ba mươi tháng tư'],
    ['lễ 2/9', 'lễ ngày hai tháng chín'],
    ['2026-11-22', 'ngày hai mươi hai tháng mười một năm hai nghìn không trăm hai mươi sáu'],
    ['tháng 11/2026', 'tháng mười một năm hai nghìn không trăm hai mươi sáu'],
    ['từ ngày 20-22/11', 'từ ngày hai mươi đến ngày hai mươi hai tháng mười một'],
    ['tháng 4', 'tháng tư'],
    // Times
    ['5h30', 'năm giờ ba mươi phút'],
    ['05:30', 'năm giờ ba mươi phút'],
    ['17 giờ', 'mười bảy giờ'],
    ['17:00', 'mười bảy giờ'],
    ['7g15', 'bảy giờ mười lăm phút'],
    ['18h', 'mười tám giờ'],
    ['từ 5h30-6h', 'từ năm giờ ba mươi phút đến sáu giờ'],
    ['05:00–06:30', 'năm giờ đến sáu giờ ba mươi phút'],
    ['22h-5h', 'hai mươi hai giờ đến năm giờ'],
    ['10:15:30', 'mười giờ mười lăm phút ba mươi giây'],
    // Money
    ['500.000đ', 'năm trăm nghìn đồng'],
    ['1.200.000 VNĐ', 'một triệu hai trăm nghìn đồng'],
    ['50 USD', 'năm mươi đô la Mỹ'],
    ['$50', 'năm mươi đô la'],
    ['15.000đ/kg', 'mười lăm nghìn đồng trên ki lô gam'],
    // Units
    ['60 km/h', 'sáu mươi ki lô mét trên giờ'],
    ['120m²', 'một trăm hai mươi mét vuông'],
    ['1,5 m3', 'một phẩy năm mét khối'],
    ['mưa 50-100 mm', 'mưa năm mươi đến một trăm mi li mét'],
    ['3 ha', 'ba héc ta'],
    ['35°C', 'ba mươi lăm độ xê'],
    ['-2 °C', 'âm hai độ xê'],
    ['5kg', 'năm ki lô gam'],
    ['40 MW', 'bốn mươi mê ga oát'],
    ['4‰', 'bốn phần nghìn'],
    ['95,5%', 'chín mươi lăm phẩy năm phần trăm'],
    ['10-15%', 'mười đến mười lăm phần trăm'],
    ['bán theo kg', 'bán theo ki lô gam'],
    // Abbreviations and documents
    ['UBND xã', 'ủy ban nhân dân xã'],
    ['HĐND TP. Vị Thanh', 'hội đồng nhân dân thành phố Vị Thanh'],
    ['TX Long Mỹ', 'thị xã Long Mỹ'],
    ['BCH PCTT và TKCN', 'ban chỉ huy phòng chống thiên tai và tìm kiếm cứu nạn'],
    [
      'Nghị định 49/2024/NĐ-CP',
      'Nghị định bốn mươi chín năm hai nghìn không trăm hai mươi tư nghị định chính phủ',
    ],
    [
      'Thông tư 39/2020/TT-BTTTT',
      'Thông tư ba mươi chín năm hai nghìn không trăm hai mươi thông tư bộ thông tin và truyền thông',
    ],
    ['số 15/QĐ-UBND', 'số mười lăm quyết định ủy ban nhân dân'],
    ['điện, nước, v.v.', 'điện, nước, vân vân'],
    ['QL61C', 'quốc lộ sáu mươi mốt C'],
    ['ĐT925', 'đường tỉnh chín trăm hai mươi lăm'],
    ['đài VTV', 'đài vê tê vê'],
    ['P.5', 'phường năm'],
    // Storms, ranges, signs
    ['bão cấp 8, giật cấp 10', 'bão cấp tám, giật cấp mười'],
    ['gió cấp 8-9', 'gió cấp tám đến chín'],
    ['5-7 ngày', 'năm đến bảy ngày'],
    ['2020-2025', 'hai nghìn không trăm hai mươi đến hai nghìn không trăm hai mươi lăm'],
    ['tỷ số 3-2', 'tỷ số ba hai'],
    ['haugiang.gov.vn', 'haugiang chấm gov chấm vn'],
    ['A & B', 'A và B'],
    ['Kính gửi:\n- Các ấp\n- Các hộ', 'Kính gửi. Các ấp. Các hộ'],
    ['“An toàn” (quan trọng)!', 'An toàn, quan trọng!'],
    ['THÔNG BÁO', 'THÔNG BÁO'],
    ['Mời bà con ra trạm y tế.', 'Mời bà con ra trạm y tế.'],
  ])('%s', (written, said) => {
    expect(spoken(written)).toBe(said);
  });
});

describe('what cannot be spoken', () => {
  const faults = (text: string) =>
    speakable(text).problems.map(({ code, position, characters }) => ({ code, position, characters }));

  it.each([
    ['a\u0007b', 'CONTROL_CHARACTER', 2, '\u0007'],
    ['abc\u202edef', 'CONTROL_CHARACTER', 4, '\u202e'],
    ['Chào 🙂 bà con', 'EMOJI', 6, '🙂'],
    ['Cờ 🇻🇳', 'EMOJI', 4, '🇻🇳'],
    ['Gia đình 👨‍👩‍👧 ta', 'EMOJI', 10, '👨‍👩‍👧'],
    ['Xin chào សួស្តី បង', 'UNSPEAKABLE', 10, 'សួស្តី បង'],
    ['漢字', 'UNSPEAKABLE', 1, '漢字'],
    ['một \ud800', 'CONTROL_CHARACTER', 5, '\ud800'],
  ])('%j is refused, naming it', (text, code, position, characters) => {
    expect(faults(text)).toEqual([{ code, position, characters }]);
    const [problem] = speakable(text).problems;
    expect(problem!.message.vi).not.toBe(problem!.message.en);
    expect(problem!.message.en).toContain(String(position));
    expect(spoken(text)).toBeNull();
  });

  it('names the script, and several faults in their order', () => {
    const { problems } = speakable('Chào ក\u0001 và 🙂');
    expect(problems.map(({ code }) => code)).toEqual(['UNSPEAKABLE', 'CONTROL_CHARACTER', 'EMOJI']);
    expect(problems[0]!.message).toMatchObject({
      en: expect.stringContaining('Khmer'),
      vi: expect.stringContaining('Khmer'),
    });
  });

  it('takes 10,000 characters in either form, and no more', () => {
    const text = 'ế'.repeat(LONGEST_TEXT);
    expect(speakable(text.normalize('NFD')).problems).toEqual([]);
    expect(faults(`${text}a`)).toEqual([{ code: 'TOO_LONG', position: null, characters: null }]);
  });

  it('refuses what holds no word', () => {
    for (const text of ['', '  \n', '…!?', '---'])
      expect(faults(text)).toEqual([{ code: 'EMPTY', position: null, characters: null }]);
  });

  it('passes over what copying leaves behind', () => {
    expect(spoken('\ufeffThông\u00a0báo\u200b, xe\u00admáy')).toBe('Thông báo, xemáy');
  });
});

describe('whatever is written', () => {
  const parts = fc.constantFrom(
    'Thông báo',
    'UBND',
    'TP.',
    'QĐ-UBND',
    'thế kỷ',
    'XXI',
    '5',
    '1.234,5',
    '22/11',
    '22/11/2026',
    '05:30',
    '5h',
    'km/h',
    '%',
    '°C',
    'm²',
    '-',
    '–',
    '/',
    '.',
    ',',
    ':',
    '(',
    ')',
    '\n',
    ' ',
    'ngày',
    'thứ',
    '4',
    '0912345678',
    'đ',
    'kg',
    '+',
    '$',
    'x',
    'A',
    'TT',
    'v.v.',
    'gov.vn',
    '…',
    '"',
    'P.',
    'I',
    'ế',
    'VTV',
    'h',
    '₫',
    '½',
  );
  const text = fc.oneof(
    fc.array(parts, { minLength: 1, maxLength: 12 }).map((all) => all.join('')),
    fc.array(parts, { minLength: 1, maxLength: 12 }).map((all) => all.join(' ')),
    fc.string({ unit: fc.constantFrom(...'aàáảãạăâđêơưbcdhkmnx 0123456789.,:/-%()ABCDTXIVUĐ\n') }),
  );

  it('comes out as words and pauses, with no digit or sign left', () => {
    fc.assert(
      fc.property(text, (written) => {
        const said = spoken(written);
        if (said !== null) expect(said).toMatch(/^[\p{L} .,;:!?]*$/u);
      }),
      { numRuns: 2_000 },
    );
  });

  it('stays as it is when it is said already', () => {
    fc.assert(
      fc.property(text, (written) => {
        const said = spoken(written);
        if (said !== null && said !== '') expect(spoken(said)).toBe(said);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the same in NFC and NFD', () => {
    fc.assert(
      fc.property(text, (written) => {
        expect(speakable(written.normalize('NFD'))).toEqual(speakable(written.normalize('NFC')));
      }),
    );
  });

  it('takes any string without an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (written) => {
        const { spokenText, problems } = speakable(written);
        expect(spokenText === null).toBe(problems.length > 0);
      }),
    );
  });

  it('has a voice by default', () => expect(DEFAULT_VOICE).toBe('vi-vn-x-south'));
});
