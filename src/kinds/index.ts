import { ACCOUNT_ID } from './account-id.js';
import { ADDRESS_CN } from './address-cn.js';
import { AGE } from './age.js';
import { BANK_CARD } from './bank-card.js';
import { BIRTH_DATE } from './birth-date.js';
import { CN_ID_CARD } from './cn-id-card.js';
import { CN_MOBILE } from './cn-mobile.js';
import { COORDINATE } from './coordinate.js';
import { DATE_TIME } from './date-time.js';
import { DEVICE_ID } from './device-id.js';
import { EMAIL } from './email.js';
import { FREE_TEXT } from './free-text.js';
import { IMEI } from './imei.js';
import { IPV4 } from './ipv4.js';
import { IPV6 } from './ipv6.js';
import type { Kind } from './kind.js';
import { MAC } from './mac.js';
import { QUANTITY } from './number.js';
import { PASSPORT } from './passport.js';
import { PERSON_NAME } from './person-name.js';
import { PHONE } from './phone.js';
import { PLATE_NUMBER } from './plate.js';
import { POSTCODE } from './postcode.js';
import { REGION_CODE } from './region-code.js';
import { CREDENTIAL } from './secret.js';
import { WEB_ADDRESS } from './url.js';
import { USCC } from './uscc.js';

/** Every kind by its name, most specific first: the order in which `veil init` tries them. */
export const KINDS: ReadonlyMap<string, Kind> = new Map(
  [
    CN_ID_CARD,
    CN_MOBILE,
    PHONE,
    EMAIL,
    BANK_CARD,
    IMEI,
    MAC,
    DEVICE_ID,
    IPV4,
    IPV6,
    USCC,
    PASSPORT,
    PLATE_NUMBER,
    CREDENTIAL,
    ACCOUNT_ID,
    PERSON_NAME,
    ADDRESS_CN,
    POSTCODE,
    REGION_CODE,
    BIRTH_DATE,
    AGE,
    COORDINATE,
    WEB_ADDRESS,
    DATE_TIME,
    QUANTITY,
    FREE_TEXT,
  ].map(kind => [kind.name, kind]),
);

/** The kind of this name, or undefined. */
export function kindNamed(name: string): Kind | undefined {
  return KINDS.get(name);
}
