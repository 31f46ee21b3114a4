import type { Kind } from './kind.js';
import { maskFully } from './normal/mask.js';
import { normalizeText } from './normal/text.js';

const MAX_BYTES = 64 * 1024;

/** Normal form: exactly what was written: in a secret every space and every form of a letter counts. All stars: refused. */
const normalize = normalizeText(text => (/[^*]/u.test(text) ? text : undefined), MAX_BYTES);

/** A password, key or verification code. The right transform is `drop`. */
export const CREDENTIAL: Kind = {
  name: 'secret',
  title: 'Secret (password, key, verification code)',
  titleZh: '口令',
  classA: 'A07',
  classB: 'B1',
  identifier: 'direct',
  acceptsNumber: true,
  guessSpaceLog10: 6,
  normalize,
  mask: maskFully,
  maskReveals: 'nothing',
  maskRevealsAtMost: 0,
  redacted: '[secret]',
  fieldNames: [
    /(^|_)(password|passwd|pwd|passphrase|secret|api_?key|access_?key|private_?key|token|otp|pin|cvv2?|captcha|verify_?code|sms_?code)$/,
    /mima|yanzhengma/,
    /密码|口令|密钥|验证码/,
  ],
  examples: [
    { in: ' pass word ', normal: ' pass word ', masked: '******' },
    { in: '1', normal: '1', masked: '******' },
    { in: '******' },
  ],
};
