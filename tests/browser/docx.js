// A notice as an office types it by hand, with the slips that offices make.
import { pack } from './xlsx.js';

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** A paragraph: text, half points, alignment, look. */
function line(text, size, align = 'left', look = '') {
  return `<w:p><w:pPr><w:jc w:val="${align}"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/>${look}<w:sz w:val="${size}"/></w:rPr><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

/** The document as bytes; `first` stands above all else. @param {string} [first] @returns {Buffer} */
export function docx(first = '') {
  const body = [
    line(first, 28),
    line('ĐẢNG CỘNG SẢN VIỆT NAM', 30, 'right', '<w:b/><w:u w:val="single"/>'),
    line('THÀNH ỦY', 28, 'left'),
    line('TIỂU BAN TỔ CHỨC PHỤC VỤ', 28, 'left', '<w:b/>'),
    line('Số: 7-TB/TBPV', 28),
    line('Hà Nội, ngày 5 tháng 09 năm 2025', 28, 'right', '<w:i/>'),
    line('THÔNG BÁO', 32, 'center', '<w:b/>'),
    line('kết luận của Trưởng Tiểu ban tại phiên giao ban tuần 05', 28, 'center', '<w:b/>'),
    line('-----', 28, 'center'),
    line('Trưởng Tiểu ban giao Văn phòng chủ trì hoàn chỉnh phương án đón tiếp, trình trước ngày 12 tháng 9 để kịp triển khai./.', 26),
    line('T/L TRƯỞNG TIỂU BAN', 28, 'center', '<w:b/>'),
    line('TỔ TRƯỞNG TỔ THƯ KÝ', 28, 'center'),
    line('Họ và tên', 28, 'center', '<w:b/>'),
    line('Nơi nhận:', 28, 'left', '<w:u w:val="single"/>'),
    line('- Các thành viên Tiểu ban,', 24),
    line('- Lưu Văn phòng.', 24),
  ].join('');
  const section = '<w:sectPr><w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"/></w:sectPr>';
  const types = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
  return pack(
    new Map(
      Object.entries({
        '[Content_Types].xml': `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${types}"/></Types>`,
        '_rels/.rels': `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="${OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>`,
        'word/document.xml': `${HEAD}<w:document ${W}><w:body>${body}${section}</w:body></w:document>`,
      }).map(([name, text]) => [name, Buffer.from(text)]),
    ),
  );
}
